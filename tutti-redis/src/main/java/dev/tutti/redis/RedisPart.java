package dev.tutti.redis;

import java.util.Optional;

/** One {@link RedisUse} of a Redis, on connections of its own. Safe for use by many threads. */
interface RedisPart extends AutoCloseable {
    /** Whether Redis answers within a second. Blocks until it is known. */
    boolean ping();

    /** Why it has no connection, in words for an operator, as far as it is known. */
    Optional<String> failure();

    /** Blocks for seconds at most. Idempotent. */
    @Override
    void close();
}
