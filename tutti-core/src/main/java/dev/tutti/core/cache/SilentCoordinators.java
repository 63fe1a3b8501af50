package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators that did not answer in time, though they are members, as the bus is away. They are done without for {@link
 * #PAUSE}; then one request, which waits, finds out whether they answer again. At most as many as there are members. Safe for use
 * by many threads.
 */
final class SilentCoordinators {
    /** For how long nobody asks one that was silent. */
    static final Duration PAUSE = Duration.ofSeconds(5);

    private final Map<NodeTag, Long> until = new ConcurrentHashMap<>();

    /** Whether {@code coordinator} is to be asked at {@code now}, in nanoseconds. */
    boolean mayAsk(NodeTag coordinator, long now) {
        @Nullable Long end = until.get(coordinator);
        return end == null || (now - end >= 0 && until.replace(coordinator, end, now + PAUSE.toNanos()));
    }

    /** It was not heard in time. */
    void silent(NodeTag coordinator, long now) {
        until.put(coordinator, now + PAUSE.toNanos());
    }

    /** It has said something, or has left. */
    void forget(NodeTag coordinator) {
        until.remove(coordinator);
    }
}
