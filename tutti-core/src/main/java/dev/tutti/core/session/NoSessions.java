package dev.tutti.core.session;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.session.Sessions;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** No attributes: none of the instance's backends keeps any, or there is no secret to seal them with. */
public final class NoSessions implements Sessions {
    /** The one. */
    public NoSessions() {}

    @Override
    public Map<String, Object> attributes(String session) {
        throw none();
    }

    @Override
    public Map<String, Object> attributes(String session, Duration left) {
        throw none();
    }

    @Override
    public Map<String, Object> change(String session, Map<String, @Nullable Object> changes) {
        throw none();
    }

    @Override
    public Map<String, Object> change(
            String session, Map<String, @Nullable Object> changes, int mostBytes, Duration left) {
        throw none();
    }

    @Override
    public void end(String session) {
        // nothing is kept
    }

    private static TuttiException none() {
        return new TuttiException(ErrorCode.UNSUPPORTED, "attributes of sessions are not kept by this instance");
    }
}
