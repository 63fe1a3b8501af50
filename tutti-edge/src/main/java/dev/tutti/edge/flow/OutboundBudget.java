package dev.tutti.edge.flow;

import java.util.HashMap;
import java.util.Map;

/**
 * The bytes that wait to be sent over all connections of one event loop, those of HTTP, too, within its part of the process's
 * bound. Each connection's own bounds are for a slow reader; this one is for many of them. The more waits, the less each may have
 * waiting: a connection has room while it holds no more than is left. Confined to its event loop.
 */
public final class OutboundBudget {
    private static final int SHARES = 4;

    private final long most;
    private final Map<String, Long> answers = new HashMap<>(); // by address, of those that have some
    private long waiting;

    /** Room for {@code most} bytes. */
    OutboundBudget(long most) {
        this.most = most;
    }

    /** {@code bytes} more wait; less, if it is negative. */
    public void add(long bytes) {
        waiting += bytes;
    }

    /** Whether a connection may have {@code bytes} waiting. Nothing, it always may. */
    public boolean allows(long bytes) {
        return bytes == 0 || bytes <= most - waiting;
    }

    /**
     * Whether an answer of {@code bytes} to {@code address} may wait as well. While less than half of the room is taken it always may, so
     * that one passes that is larger than all of it; the other half is for those who have less than a quarter of the room.
     */
    public boolean takes(String address, long bytes) {
        if (waiting <= most / 2) {
            return true;
        }
        long held = answers.getOrDefault(address, 0L);
        return bytes <= most - waiting && (bytes == 0 || held == 0 || held + bytes <= most / SHARES);
    }

    /** An answer of {@code bytes} to {@code address} waits; it does no more, if they are negative. */
    public void answer(String address, long bytes) {
        if (bytes == 0) {
            return;
        }
        add(bytes);
        answers.merge(address, bytes, (before, more) -> before + more == 0 ? null : before + more);
    }

    /** How much waits. */
    public long waiting() {
        return waiting;
    }
}
