package dev.tutti.postgres;

import dev.tutti.concurrent.Loop;
import dev.tutti.postgres.sql.Sql;
import java.io.ByteArrayOutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fetches the messages that are too large for a notification, in pieces. One virtual thread; a bounded number waits. */
final class BusLoader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BusLoader.class);
    private static final Sql LOAD = Sql.resource(BusLoader.class, "bus/load_part");
    private static final int MAX_WAITING = 1_000;
    private static final int PIECE = 1024 * 1024; // what may delay a heartbeat on the same connection

    private record Wanted(long id, int size, CompletableFuture<byte[]> content) {}

    private final BusConnection connection;
    private final BlockingQueue<Wanted> queue = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Loop loop;

    BusLoader(DataSource pool, ControlConnection control) {
        this.connection = new BusConnection(pool, control);
        this.loop = new Loop(Loop.virtual("tutti-bus-load"), Duration.ofMillis(100), this::next).start();
    }

    /** The message with {@code id}; fails if it is gone, or if too many wait. */
    CompletableFuture<byte[]> load(long id, int size) {
        Wanted wanted = new Wanted(id, size, new CompletableFuture<>());
        if (!queue.offer(wanted)) {
            wanted.content().completeExceptionally(new RejectedExecutionException(MAX_WAITING + " wait already"));
        }
        return wanted.content();
    }

    private Duration next() throws InterruptedException {
        Wanted wanted = queue.take();
        try {
            wanted.content().complete(content(wanted));
        } catch (SQLException failure) {
            log.warn("A large message of another instance could not be read: {}", failure.getMessage());
            wanted.content().completeExceptionally(failure);
        } catch (RuntimeException | Error failure) {
            wanted.content().completeExceptionally(failure); // who waits for it must not wait for ever
            throw failure;
        }
        return Duration.ZERO;
    }

    private byte[] content(Wanted wanted) throws SQLException, InterruptedException {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        while (whole.size() < wanted.size()) {
            byte[] piece = piece(wanted.id(), whole.size());
            if (piece.length == 0) {
                throw new SQLException("message " + wanted.id() + " is gone after " + whole.size() + " bytes");
            }
            whole.writeBytes(piece);
        }
        return whole.toByteArray();
    }

    private byte[] piece(long id, int from) throws SQLException, InterruptedException {
        Map<String, Object> values = Map.of("id", id, "from", from + 1, "size", PIECE);
        return connection
                .run(on -> LOAD.first(on, row -> row.getBytes(1), values))
                .orElseGet(() -> new byte[0]);
    }

    /** Loads nothing more. Idempotent. */
    @Override
    public void close() {
        loop.close(Duration.ZERO);
    }
}
