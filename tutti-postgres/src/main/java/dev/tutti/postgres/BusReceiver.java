package dev.tutti.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.BitSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Listens on a connection of its own, and connects again when it is lost. One virtual thread: it alone uses the
 * connection, so that a change of the channels waits until the thread looks up, which it does every some milliseconds.
 */
final class BusReceiver implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(BusReceiver.class);
    private static final int LOOK_UP_MILLIS = 20;
    private static final Duration PROVE_EVERY = Duration.ofSeconds(5);
    private static final int PROOF_MILLIS = 5_000;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

    private final DataSource database;
    private final PostgresBusSettings settings;
    private final AtomicIntegerArray wanted; // topics per channel
    private final Consumer<String> received;
    private final Runnable gap;
    private final CompletableFuture<Void> listening = new CompletableFuture<>();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Thread thread;
    private Duration pause = FIRST_PAUSE;
    private boolean lost;

    /** Listens to channels with topics {@code wanted}; gives the texts of notifications to {@code received}, and tells {@code gap} when some may have been missed. */
    BusReceiver(
            DataSource database,
            PostgresBusSettings settings,
            AtomicIntegerArray wanted,
            Consumer<String> received,
            Runnable gap) {
        this.database = database;
        this.settings = settings;
        this.wanted = wanted;
        this.received = received;
        this.gap = gap;
        this.thread = Thread.ofVirtual().name("tutti-bus-listen").start(this::run);
    }

    /** Complete when it listens for the first time; failed if it could not connect at first. */
    CompletableFuture<Void> listening() {
        return listening;
    }

    private void run() {
        try {
            do {
                try (Connection connection = database.getConnection()) {
                    listen(connection);
                } catch (SQLException failure) {
                    lost(failure);
                }
            } while (!closing.await(pause.toMillis(), TimeUnit.MILLISECONDS));
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
        }
    }

    private void listen(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, PROOF_MILLIS);
        PGConnection notified = connection.unwrap(PGConnection.class);
        BitSet channels = new BitSet();
        follow(connection, channels);
        back();
        long proveAt = System.nanoTime() + PROVE_EVERY.toNanos();
        while (closing.getCount() > 0) {
            PGNotification[] some = notified.getNotifications(LOOK_UP_MILLIS);
            for (PGNotification each : some) {
                received.accept(each.getParameter());
            }
            boolean changed = follow(connection, channels);
            if (changed || some.length > 0) {
                proveAt = System.nanoTime() + PROVE_EVERY.toNanos();
            } else if (System.nanoTime() - proveAt >= 0) {
                execute(connection, "select"); // a server that is gone without a word is noticed
                proveAt = System.nanoTime() + PROVE_EVERY.toNanos();
            }
        }
    }

    /** Listens to the channels that are wanted; whether that changed anything. */
    private boolean follow(Connection connection, BitSet channels) throws SQLException {
        StringBuilder commands = new StringBuilder();
        for (int place = 0; place < settings.channels(); place++) {
            boolean want = wanted.get(place) > 0;
            if (want != channels.get(place)) {
                commands.append(want ? "listen " : "unlisten ")
                        .append(settings.name(place))
                        .append(';');
                channels.set(place, want);
            }
        }
        if (!commands.isEmpty()) {
            execute(connection, commands.toString());
        }
        return !commands.isEmpty();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private void back() {
        pause = FIRST_PAUSE;
        if (!listening.complete(null)) {
            gap.run();
        }
        if (lost) {
            lost = false;
            log.info("Hints of other instances are heard again");
        }
    }

    private void lost(SQLException failure) {
        if (closing.getCount() == 0) {
            return;
        }
        listening.completeExceptionally(failure);
        pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
        if (!lost) {
            lost = true;
            log.warn("Hints of other instances cannot be heard ({}); what they add is looked up", failure.getMessage());
        }
    }

    /** Ends within a second or two. */
    @Override
    public void close() {
        closing.countDown();
        try {
            if (!thread.join(Duration.ofSeconds(2))) {
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
