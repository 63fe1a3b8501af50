package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** How many bytes of unfinished bodies an edge holds, over all its connections. Safe for use by many threads. */
final class BodyBudget {
    private final long most;
    private final AtomicLong held = new AtomicLong();

    BodyBudget(long most) {
        this.most = most;
    }

    /**
     * Holds {@code bytes} more.
     *
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if they are too many
     */
    void take(int bytes) {
        if (held.addAndGet(bytes) > most) {
            held.addAndGet(-bytes);
            throw new TuttiException(
                    ErrorCode.OVERLOADED, "too many requests are being read at a time", Duration.ofSeconds(1));
        }
    }

    void giveBack(int bytes) {
        held.addAndGet(-bytes);
    }
}
