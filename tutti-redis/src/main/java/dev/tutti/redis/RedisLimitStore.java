package dev.tutti.redis;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Rate limits on Redis, by the server's clock: one script takes. Each bucket is a key of its own, which ends when it is full. Safe
 * for use by many threads; blocks for a second at most.
 */
final class RedisLimitStore implements LimitStore, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final RedisScript TAKE = RedisScript.of("limit-take.lua");

    private final String prefix;
    private final RedisConnector connector;
    private final RedisTransport transport;

    /** Connects as soon as it can, and again whenever it can; nobody has to wait. */
    RedisLimitStore(RedisSettings settings) {
        this.prefix = settings.prefix() + "limit:";
        this.connector = new RedisConnector(
                settings,
                "tutti-limit-" + Long.toHexString(new SecureRandom().nextLong()),
                RedisConnector.Purpose.LIMITS);
        this.transport = RedisTransport.forCommands(connector, settings.address());
        transport.openLater();
    }

    @Override
    public Taken take(String bucket, RateLimit limit, long wanted) {
        String key = prefix + bucket;
        try {
            List<Object> answer = transport
                    .command(
                            key,
                            on -> TAKE.run(
                                    on,
                                    new String[] {key},
                                    bytes(wanted),
                                    bytes(limit.burst()),
                                    bytes(limit.stepMicros())))
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return limit.taken((Long) answer.get(0), (Long) answer.get(1));
        } catch (ExecutionException | TimeoutException failure) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "Redis does not count what is limited", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the wait for Redis was interrupted", interrupted);
        }
    }

    private static byte[] bytes(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }

    /** Whether all servers answer within {@code patience}. Blocks until it is known. */
    boolean answers(Duration patience) {
        return transport.answers(patience);
    }

    @Override
    public void close() {
        transport.close();
        connector.close();
    }
}
