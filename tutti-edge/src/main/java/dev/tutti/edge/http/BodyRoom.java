package dev.tutti.edge.http;

import dev.tutti.core.limit.Shares;
import java.util.Optional;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The room that one request has among all bodies that are held: for its body as it came, and unpacked. It is given back when the
 * request has been answered, or its client has gone, and the handler that works on it has ended, which may be later. Safe for use by
 * many threads.
 */
final class BodyRoom {
    private final IntFunction<Optional<Shares.Part>> inbound;
    private Shares.@Nullable Part held;
    private boolean handling;
    private boolean over; // it was answered, or its client has gone

    /** Nothing yet; {@code inbound} gives so many bytes, or nothing if there is no room for them. */
    BodyRoom(IntFunction<Optional<Shares.Part>> inbound) {
        this.inbound = inbound;
    }

    /** Takes {@code bytes}, at least 1, more; false, and nothing is changed, if there is no room for them. */
    synchronized boolean take(int bytes) {
        if (over && !handling) {
            return false; // nobody would give it back
        }
        Shares.Part before = held;
        if (before != null) {
            return before.grow(bytes);
        }
        held = inbound.apply(bytes).orElse(null);
        return held != null;
    }

    /** A handler begins to work on the body. */
    synchronized void handlerBegins() {
        handling = true;
    }

    /** It has ended, or could not begin. */
    synchronized void handlerEnded() {
        handling = false;
        giveBack();
    }

    /** The request was answered or refused, or its client has gone. Idempotent. */
    synchronized void requestOver() {
        over = true;
        giveBack();
    }

    private void giveBack() {
        Shares.Part all = held;
        if (over && !handling && all != null) {
            all.close();
        }
    }
}
