package dev.tutti.tck;

/**
 * All of what {@link dev.tutti.stream.StreamStore} promises. The store may be shared by tests, and by others: they use
 * streams of their own.
 */
public interface StreamStoreContract
        extends AppendContract, ReadContract, PositionContract, ConcurrentAppendContract, RandomRunContract {}
