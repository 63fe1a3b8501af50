package dev.tutti.redis;

/** One {@link RedisUse} of a Redis, on connections of its own. Safe for use by many threads. */
interface RedisPart extends AutoCloseable {
    /** Whether Redis answers within a second. Blocks until it is known. */
    boolean ping();

    /** Blocks for seconds at most. Idempotent. */
    @Override
    void close();
}
