package dev.tutti.redis;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Something that is kept on Redis and changed by scripts: one server, Sentinel, or Cluster, on connections of its own. Redis may be
 * away, at the start as well; it is connected to as soon as that is possible. At most {@value #MAX_COMMANDS} scripts of 64 MiB
 * together are on the way at a time; any script beyond that is refused. Safe for use by many threads.
 */
abstract class RedisStore implements RedisPart {
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final int MAX_COMMANDS = 10_000;
    private static final int MAX_KIBIBYTES = 64 * 1024;

    private final String prefix;
    private final RedisConnector connector;
    private final RedisTransport transport;
    private final Semaphore commands = new Semaphore(MAX_COMMANDS);
    private final Semaphore kibibytes = new Semaphore(MAX_KIBIBYTES);
    private volatile boolean closed;

    /**
     * One whose keys begin with {@code word}, behind the prefix of all. Waits for the end of the first try to connect.
     *
     * @param firstTry how long it waits for that at most
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis refuses in this time what it would always refuse; nothing is
     *     left open then
     */
    RedisStore(RedisSettings settings, String word, RedisUse use, Duration firstTry) {
        this.prefix = settings.prefix() + word + ":";
        this.connector = new RedisConnector(
                settings, "tutti-" + word + "-" + Long.toHexString(new SecureRandom().nextLong()), use);
        this.transport = RedisTransport.forCommands(connector, settings.address());
        connect(settings.address(), firstTry);
    }

    private void connect(RedisAddress address, Duration firstTry) {
        CompletableFuture<Void> first = transport.openLater().toCompletableFuture();
        boolean connected = Futures.done(first, firstTry);
        if (!connected && first.isCompletedExceptionally() && RedisFailure.isRefusal(first.exceptionNow())) {
            close();
            throw RedisFailure.of(address, connector.use(), first.exceptionNow());
        }
    }

    /** The whole name of {@code key}. */
    final String key(String key) {
        return prefix + key;
    }

    /** Runs {@code script}, all of whose keys are in one slot; does not block. */
    final CompletionStage<List<Object>> run(RedisScript script, String[] keys, byte[]... arguments) {
        int bytes = 0;
        for (byte[] argument : arguments) {
            bytes += argument.length;
        }
        int size = 1 + bytes / 1024;
        if (closed || !commands.tryAcquire()) {
            return refused();
        }
        if (!kibibytes.tryAcquire(size)) {
            commands.release();
            return refused();
        }
        CompletionStage<List<Object>> answer;
        try {
            answer = transport.command(keys[0], on -> script.run(on, keys, arguments));
        } catch (RuntimeException notSent) {
            answer = CompletableFuture.failedFuture(notSent);
        }
        return answer.whenComplete((_, _) -> {
            commands.release();
            kibibytes.release(size);
        });
    }

    private static <T> CompletionStage<T> refused() {
        return CompletableFuture.failedFuture(
                new TuttiException(ErrorCode.OVERLOADED, "too much waits for Redis, or it is not used any more"));
    }

    /**
     * The same, and waits for a second at most.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if Redis does not answer
     */
    final List<Object> answer(RedisScript script, String[] keys, byte[]... arguments) {
        try {
            return run(script, keys, arguments).toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof TuttiException refused ? refused : away(failure);
        } catch (TimeoutException late) {
            throw away(late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw away(interrupted);
        }
    }

    private TuttiException away(Exception cause) {
        return new TuttiException(
                ErrorCode.UNAVAILABLE, "Redis, the " + connector.use().title() + ", does not answer", cause);
    }

    static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Whether all servers answer within a second. Blocks until it is known. */
    @Override
    public final boolean ping() {
        return !closed && transport.answers(PATIENCE);
    }

    @Override
    public final Optional<String> failure() {
        return transport.failure();
    }

    /** Idempotent. */
    @Override
    public final void close() {
        if (!closed) {
            closed = true;
            transport.close();
            connector.close();
        }
    }
}
