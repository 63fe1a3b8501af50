package dev.tutti.concurrent;

/**
 * How many bytes may wait in a part of an instance: a share of the heap, so that no part fills a small one, and a number that a large one does
 * not exceed.
 */
public enum HeapShare {
    /** Messages that came over the bus and were not heard yet. */
    BUS_RECEIVED(16, 17, 64),

    /** Messages that wait to be sent over the bus. */
    BUS_SENT(16, 17, 64),

    /** Events that wait for the log, at all of its writers together. */
    APPENDS(16, 4, 64),

    /** The latest messages of one namespace, which are kept for clients that come back. */
    NAMESPACE(32, 4, 32);

    private static final long MIB = 1024 * 1024;

    /** The least of a part that is divided: the largest event has room. */
    private static final long LEAST_EACH = MIB;

    private final int divisor;
    private final long least; // of whatever waits the largest has room
    private final long most;

    HeapShare(int divisor, int leastMebibytes, int mostMebibytes) {
        this.divisor = divisor;
        this.least = leastMebibytes * 1024L * 1024;
        this.most = mostMebibytes * 1024L * 1024;
    }

    /** Of the largest that this process's heap may become, in bytes; as much at least as the largest that may wait there. */
    public long bytes() {
        return of(Runtime.getRuntime().maxMemory());
    }

    /** The same for each of {@code parts}, 1 or more, that have it together; 1 MiB at least. */
    public long bytesEach(int parts) {
        return Math.max(LEAST_EACH, bytes() / parts);
    }

    /** Of a heap of so many bytes, in bytes. */
    public long of(long heap) {
        return Math.clamp(heap / divisor, least, most);
    }
}
