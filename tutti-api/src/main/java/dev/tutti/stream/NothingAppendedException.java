package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** An append certainly added nothing. So repeating it, or a part of it, adds no event twice. */
public final class NothingAppendedException extends TuttiException {
    private final Set<StreamName> locked;

    /**
     * Nothing was added, because of {@code cause}.
     *
     * @param locked the streams that other transactions kept locked for too long; empty if this was not the reason
     */
    public NothingAppendedException(ErrorCode code, String message, Set<StreamName> locked, @Nullable Throwable cause) {
        super(code, message, cause);
        this.locked = Set.copyOf(locked);
    }

    /** The streams that other transactions kept locked; appends to the other streams can be repeated. Empty if this was not the reason. */
    public Set<StreamName> locked() {
        return locked;
    }
}
