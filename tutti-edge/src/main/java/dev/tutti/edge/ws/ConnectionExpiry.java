package dev.tutti.edge.ws;

import dev.tutti.TuttiException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The time until which a connection may stay, however long that is; {@link Instant#MAX} is for ever. Confined to the connection's
 * event loop.
 */
final class ConnectionExpiry {
    private static final Duration LONGEST_TIMER = Duration.ofDays(1);

    private final EventLoop loop;
    private final Clock clock;
    private final Consumer<TuttiException> ends;
    private @Nullable ScheduledFuture<?> timer;

    /** None yet; when there is one, and it has passed, {@code ends} is told why. */
    ConnectionExpiry(EventLoop loop, Clock clock, Consumer<TuttiException> ends) {
        this.loop = loop;
        this.clock = clock;
        this.ends = ends;
    }

    /** It is {@code end} from now on, because of {@code why}. */
    void set(Instant end, Supplier<TuttiException> why) {
        clear();
        if (!end.equals(Instant.MAX)) {
            Duration left = Duration.between(clock.instant(), end);
            boolean far = left.compareTo(LONGEST_TIMER) > 0;
            Runnable then = far ? () -> set(end, why) : () -> ends.accept(why.get());
            timer = loop.schedule(then, Math.max(0, (far ? LONGEST_TIMER : left).toMillis()), TimeUnit.MILLISECONDS);
        }
    }

    /** There is none any more. */
    void clear() {
        if (timer != null) {
            timer.cancel(false);
            timer = null;
        }
    }
}
