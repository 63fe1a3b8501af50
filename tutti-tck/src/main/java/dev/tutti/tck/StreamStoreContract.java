package dev.tutti.tck;

/**
 * The whole contract of {@link dev.tutti.stream.StreamStore}. Tests, and other programs, may share the store: each test uses its own
 * streams.
 */
public interface StreamStoreContract
        extends AppendContract, ReadContract, PositionContract, ConcurrentAppendContract, RandomRunContract {}
