package dev.tutti.concurrent;

/**
 * The bounds of bytes that may wait in the parts of an instance. Each bound is a share of the heap, with a minimum and a maximum: no part
 * fills a small heap, the largest item has room, and no part grows without a bound on a large heap. Immutable.
 */
public enum HeapShare {
    /** Messages that arrived over the bus and wait for the listener: 1/16 of the heap, 17 MiB to 64 MiB. */
    BUS_RECEIVED(16, 17, 64),

    /** Messages that wait to be sent over the bus: 1/16 of the heap, 17 MiB to 64 MiB. */
    BUS_SENT(16, 17, 64),

    /** Events that wait to be appended to the log, in all queues together: 1/16 of the heap, 4 MiB to 64 MiB. */
    APPENDS(16, 4, 64),

    /** The latest messages of one recoverable namespace, kept for clients that reconnect: 1/32 of the heap, 4 MiB to 32 MiB. */
    NAMESPACE(32, 4, 32);

    private static final long MIB = 1024 * 1024;

    /** The smallest bound when a share is divided: the largest event has room. */
    private static final long LEAST_EACH = MIB;

    private final int divisor;
    private final long least; // in bytes: the largest item has room
    private final long most;

    HeapShare(int divisor, int leastMebibytes, int mostMebibytes) {
        this.divisor = divisor;
        this.least = leastMebibytes * MIB;
        this.most = mostMebibytes * MIB;
    }

    /** The bound in bytes for this process, computed from the largest size that its heap may reach ({@link Runtime#maxMemory}). */
    public long bytes() {
        return of(Runtime.getRuntime().maxMemory());
    }

    /** The bound in bytes for each of {@code parts}, 1 or more, that divide this share equally; at least 1 MiB. */
    public long bytesEach(int parts) {
        return Math.max(LEAST_EACH, bytes() / parts);
    }

    /** The bound in bytes for a heap of {@code heap} bytes. */
    public long of(long heap) {
        return Math.clamp(heap / divisor, least, most);
    }
}
