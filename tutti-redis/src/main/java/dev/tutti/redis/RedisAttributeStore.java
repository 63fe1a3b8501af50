package dev.tutti.redis;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.session.AttributeStore;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Attributes of sessions on Redis, a hash for each session with a field for each attribute; each method is one script. All names that
 * a session may have are in one slot of a cluster. At most {@value #MAX_COMMANDS} commands are on the way at a time; what
 * is more is refused. Safe for use by many threads; blocks for a second at most.
 */
final class RedisAttributeStore implements AttributeStore, AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int MAX_COMMANDS = 1_000;
    private static final String MOVE = "session-move.lua";
    private static final RedisScript READ = RedisScript.of(MOVE, "session-read.lua");
    private static final RedisScript CHANGE = RedisScript.of(MOVE, "session-change.lua");
    private static final RedisScript REPLACE = RedisScript.of(MOVE, "session-replace.lua");
    private static final RedisScript REMOVE = RedisScript.of(MOVE, "session-remove.lua");

    private final String prefix;
    private final RedisConnector connector;
    private final RedisTransport transport;
    private final Semaphore commands = new Semaphore(MAX_COMMANDS);

    /** Connects as soon as it can, and again whenever it can; nobody has to wait. */
    RedisAttributeStore(RedisSettings settings) {
        this.prefix = settings.prefix() + "session:";
        this.connector = new RedisConnector(
                settings,
                "tutti-session-" + Long.toHexString(new SecureRandom().nextLong()),
                RedisConnector.Purpose.SESSIONS);
        this.transport = RedisTransport.forCommands(connector, settings.address());
        transport.openLater();
    }

    @Override
    public Map<String, byte[]> read(Key session, Duration ttl) {
        List<Object> answer = run(READ, session, List.of(bytes(ttl.toMillis())));
        Map<String, byte[]> attributes = new HashMap<>();
        for (int at = 0; at < answer.size(); at += 2) {
            attributes.put(new String((byte[]) answer.get(at), StandardCharsets.UTF_8), (byte[]) answer.get(at + 1));
        }
        return attributes;
    }

    @Override
    public boolean change(Key session, Map<String, byte[]> set, Set<String> removed, Duration ttl) {
        List<byte[]> arguments = new ArrayList<>();
        arguments.add(bytes(ttl.toMillis()));
        arguments.add(bytes(MAX_NAMES));
        arguments.add(bytes(MAX_BYTES));
        arguments.add(bytes(removed.size()));
        removed.forEach(name -> arguments.add(bytes(name)));
        set.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(value);
        });
        return (Long) run(CHANGE, session, arguments).getFirst() == 1;
    }

    @Override
    public void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values) {
        List<byte[]> arguments = new ArrayList<>();
        values.forEach((name, value) -> {
            arguments.add(bytes(name));
            arguments.add(known.get(name));
            arguments.add(value);
        });
        var _ = run(REPLACE, session, arguments);
    }

    @Override
    public void remove(Key session) {
        var _ = run(REMOVE, session, List.of());
    }

    private List<Object> run(RedisScript script, Key session, List<byte[]> arguments) {
        String[] keys = session.names().stream()
                .map(name -> prefix + "{" + session.part() + "}:" + name)
                .toArray(String[]::new);
        if (!commands.tryAcquire()) {
            throw new TuttiException(ErrorCode.OVERLOADED, "too many wait for the attributes of sessions");
        }
        try {
            return transport
                    .command(keys[0], on -> script.run(on, keys, arguments.toArray(byte[][]::new)))
                    .toCompletableFuture()
                    .get(TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "Redis, which has the attributes of sessions, does not answer", failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the wait for Redis was interrupted", interrupted);
        } finally {
            commands.release();
        }
    }

    private static byte[] bytes(long number) {
        return bytes(Long.toString(number));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
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
