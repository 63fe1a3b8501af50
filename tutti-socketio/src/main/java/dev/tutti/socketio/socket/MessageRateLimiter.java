package dev.tutti.socketio.socket;

import dev.tutti.edge.flow.TokenBucket;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Holds a client to its rate without losing anything: what came too fast has been taken already, in general because it came
 * in one request, and nothing more is read until the client has made up for it. Confined to the event loop.
 */
final class MessageRateLimiter {
    private final TokenBucket tokens;
    private final EventLoop loop;
    private final LongSupplier clock;
    private final Runnable onEnd;
    private int owed;

    /** One that calls {@code onEnd} when the client may go on after {@link #received} was false: then it is not {@link #isOn}. */
    MessageRateLimiter(TokenBucket.Rate rate, EventLoop loop, LongSupplier clock, Runnable onEnd) {
        this.tokens = new TokenBucket(rate, clock.getAsLong());
        this.loop = loop;
        this.clock = clock;
        this.onEnd = onEnd;
    }

    /** A message came; false if it was the first of too many. */
    boolean received() {
        long now = clock.getAsLong();
        if (owed == 0 && tokens.take(now)) {
            return true;
        }
        owed++;
        if (owed > 1) {
            return true;
        }
        settleLater(now);
        return false;
    }

    /** Whether the client must not go on. */
    boolean isOn() {
        return owed > 0;
    }

    private void settleLater(long now) {
        var _ = loop.schedule(this::settle, tokens.pause(now).toNanos(), TimeUnit.NANOSECONDS);
    }

    private void settle() {
        long now = clock.getAsLong();
        while (owed > 0 && tokens.take(now)) {
            owed--;
        }
        if (owed > 0) {
            settleLater(now);
        } else {
            onEnd.run();
        }
    }
}
