package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An append that certainly added nothing, so that repeating it, or a part of it, adds nothing twice. */
public final class NothingAppendedException extends TuttiException {
    private final Set<StreamName> locked;

    /**
     * Nothing was added, for what {@code cause} says.
     *
     * @param locked the streams that others kept locked for too long; empty if that was not the reason
     */
    public NothingAppendedException(ErrorCode code, String message, Set<StreamName> locked, @Nullable Throwable cause) {
        super(code, message, cause);
        this.locked = Set.copyOf(locked);
    }

    /** The streams that others kept locked: the rest can be appended without them. Empty if that was not the reason. */
    public Set<StreamName> locked() {
        return locked;
    }
}
