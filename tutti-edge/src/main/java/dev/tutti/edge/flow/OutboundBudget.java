package dev.tutti.edge.flow;

/**
 * What waits to be sent over all connections of one event loop, within its part of the process's bound. Each connection's own
 * bounds are for a slow reader; this one is for many of them. The more waits, the less each may have waiting: a connection has
 * room while it holds no more than is left. Confined to its event loop.
 */
public final class OutboundBudget {
    private final long most;
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

    /** How much waits. */
    public long waiting() {
        return waiting;
    }
}
