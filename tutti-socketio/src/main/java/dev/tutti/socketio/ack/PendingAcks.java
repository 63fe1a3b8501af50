package dev.tutti.socketio.ack;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The acknowledgements that a server waits for from one socket, at most {@value #MOST}. Confined to the event loop; what
 * waits for an answer goes on on a virtual thread.
 */
public final class PendingAcks {
    static final int MOST = 1_000;

    private static final Duration LONGEST = Duration.ofHours(1);

    private record Call(CompletableFuture<List<@Nullable Object>> answer, ScheduledFuture<?> timeout) {}

    private final EventLoop loop;
    private final Map<Long, Call> waiting = new HashMap<>(4);
    private long next;

    /** Those of a socket on {@code loop}; none yet. */
    public PendingAcks(EventLoop loop) {
        this.loop = loop;
    }

    /**
     * {@code timeout}, if an answer may be waited for that long.
     *
     * @throws IllegalArgumentException if it is nothing, or more than an hour
     */
    public static Duration bounded(Duration timeout) {
        if (!timeout.isPositive() || timeout.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "time-out of a call is " + timeout + "; allowed are more than nothing and at most " + LONGEST);
        }
        return timeout;
    }

    /** The id of a call that {@code answer} waits for; negative, and the answer failed, if there are too many. */
    public long add(CompletableFuture<List<@Nullable Object>> answer, Duration timeout) {
        if (waiting.size() == MOST) {
            fail(answer, ErrorCode.LIMIT_REACHED, MOST + " acknowledgements are waited for already");
            return -1;
        }
        long id = next;
        next = (next + 2) & BroadcastAcks.IDS; // even, see there
        ScheduledFuture<?> timer = loop.schedule(() -> expire(id, timeout), timeout.toNanos(), TimeUnit.NANOSECONDS);
        waiting.put(id, new Call(answer, timer));
        return id;
    }

    private void expire(long id, Duration timeout) {
        @Nullable Call late = waiting.remove(id);
        if (late != null) {
            fail(late.answer, ErrorCode.TIMEOUT, "no acknowledgement within " + timeout);
        }
    }

    /** The client answered call {@code id} with what {@code read} gives, on another thread; too late ones are ignored. */
    public void answered(long id, Callable<List<@Nullable Object>> read) {
        @Nullable Call call = waiting.remove(id);
        if (call != null) {
            call.timeout.cancel(false);
            Thread.startVirtualThread(() -> {
                try {
                    call.answer.complete(read.call());
                } catch (Throwable malformed) {
                    call.answer.completeExceptionally(new TuttiException(
                            ErrorCode.PROTOCOL_ERROR, "the acknowledgement cannot be read", malformed));
                }
            });
        }
    }

    /** The client has gone. */
    public void close() {
        List<Call> all = List.copyOf(waiting.values());
        waiting.clear();
        all.forEach(call -> {
            call.timeout.cancel(false);
            fail(call.answer, ErrorCode.GOING_AWAY, "the client disconnected before it acknowledged");
        });
    }

    /** Fails {@code answer} on a thread where what depends on it may block. */
    public static void fail(CompletableFuture<List<@Nullable Object>> answer, ErrorCode code, String message) {
        Thread.startVirtualThread(() -> answer.completeExceptionally(new TuttiException(code, message)));
    }
}
