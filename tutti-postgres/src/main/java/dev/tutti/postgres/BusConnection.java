package dev.tutti.postgres;

import dev.tutti.postgres.sql.NetworkBound;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The bus's way to the database: a connection of the pool if one is free at once, else the control connection, so that a busy pool delays
 * no hint. For use by one thread.
 */
final class BusConnection {
    private static final Logger log = LoggerFactory.getLogger(BusConnection.class);
    private static final Duration AT_ONCE = Duration.ofMillis(10);
    private static final Duration PROMPT = Duration.ofSeconds(3); // what could not be sent is sent again for ten

    /** Something to do on a connection that commits by itself and leaves each statement some seconds. */
    interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final DataSource pool;
    private final ControlConnection control;
    private final AtomicBoolean asking = new AtomicBoolean(); // one at a time stands in the pool's queue

    BusConnection(DataSource pool, ControlConnection control) {
        this.pool = pool;
        this.control = control;
    }

    /** Does {@code work}; blocks. */
    <T> T run(Work<T> work) throws SQLException, InterruptedException {
        try (@Nullable Connection free = free()) {
            if (free != null) {
                NetworkBound.narrow(free, PROMPT);
                return work.on(free);
            }
        }
        return control.run(work::on); // which leaves it less, as heartbeats wait behind it
    }

    private @Nullable Connection free() throws InterruptedException {
        if (!asking.compareAndSet(false, true)) {
            return null;
        }
        CompletableFuture<Connection> asked = new CompletableFuture<>();
        Thread.ofVirtual().name("tutti-bus-connection").start(() -> ask(asked));
        try {
            return asked.get(AT_ONCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException busy) {
            return asked.cancel(false) || asked.isCompletedExceptionally() ? null : asked.join();
        } catch (ExecutionException away) {
            log.debug("The pool has no connection for the bus", away);
            return null;
        }
    }

    private void ask(CompletableFuture<Connection> asked) {
        try {
            Connection connection = pool.getConnection();
            if (!asked.complete(connection)) {
                connection.close(); // it came too late
            }
        } catch (SQLException | RuntimeException failure) {
            asked.completeExceptionally(failure);
        } finally {
            asking.set(false);
        }
    }
}
