package dev.tutti.postgres;

import dev.tutti.concurrent.Backoff;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one connection that an instance has beside its pool: notifications come over it, and heartbeats go over it, which
 * must not wait for a busy pool. Opened anew when it is lost. Not through a pooler that shares connections out.
 *
 * <p>Safe for use by many threads. One platform thread uses the connection, because this instance is taken for dead when
 * it is late; it looks up every some milliseconds from waiting for notifications, and then does what is asked of it.
 *
 * <p>A connection whose other end vanished without a word costs seconds, also while it is being opened. Most answers are waited for by
 * the socket's own timeout, but the driver takes it off to read the rest of a notification that has begun to come: so those who ask
 * abort a connection on which nothing happened while they waited, and do not leave it to the thread that is stuck there.
 */
public final class ControlConnection implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ControlConnection.class);
    private static final int LOOK_UP_MILLIS = 20;
    private static final int NETWORK_TIMEOUT_MILLIS = 3_000; // so a statement has two seconds, see NetworkBound
    private static final int MAX_WAITING = 100;
    private static final int TASKS_AT_ONCE = 10; // before notifications are looked for again
    private static final Duration PATIENCE = Duration.ofSeconds(4);
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration PAUSE = Duration.ofMillis(100); // before another one that was asked for
    private static final Backoff BACKOFF = new Backoff(PAUSE.multipliedBy(2), Duration.ofSeconds(1));

    /** Something to do on the connection; brief. */
    interface Task<T> {
        T on(Connection connection) throws SQLException;
    }

    private final DataSource database;
    private final String name; // of this instance's sessions
    private final BlockingQueue<Consumer<@Nullable Connection>> first = new ArrayBlockingQueue<>(MAX_WAITING);
    private final BlockingQueue<Consumer<@Nullable Connection>> tasks = new ArrayBlockingQueue<>(MAX_WAITING);
    private final Set<String> channels = ConcurrentHashMap.newKeySet();
    private final Map<String, Consumer<String>> apart = new ConcurrentHashMap<>(); // channels that are not of the bus
    private final Map<String, Runnable> gaps = new ConcurrentHashMap<>(); // of those who want to know
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Loop loop;
    private volatile Consumer<String> received = _ -> {};
    private volatile Runnable reopened = () -> {};
    private volatile @Nullable SQLException failure;
    private volatile boolean reopening;
    private volatile Runnable onLoss = () -> {};
    private volatile @Nullable Connection serving; // what the loop's thread is at
    private final AtomicLong steps = new AtomicLong(); // of the loop's thread: while it is stuck there are none
    private boolean opened;
    private final Set<Long> sessions = new HashSet<>(); // of the loop's connections, until the server has ended them
    private int failures; // of the loop's thread: since it was open last

    /** Connects to the database of {@code settings}, soon. */
    public ControlConnection(PostgresPoolSettings settings) {
        PostgresConnector connector = new PostgresConnector(settings);
        connector.setSocketTimeout(NETWORK_TIMEOUT_MILLIS / 1_000); // whatever the URL says: seconds are promised
        this.database = connector;
        this.name = settings.sessions();
        this.loop = new Loop(Loop.platform("tutti-control"), PAUSE, this::keep).start();
    }

    /** Gives the texts of notifications to {@code text}, and tells {@code gap} when some may have been missed. */
    void notifications(Consumer<String> text, Runnable gap) {
        received = text;
        reopened = gap;
    }

    /** Tells {@code loss}, which is brief, when an open connection was lost: others to the same server may be, too. */
    void onLoss(Runnable loss) {
        onLoss = loss;
    }

    /** Listens to {@code channel}, a plain identifier, soon, and gives what comes on it to {@code text} alone. */
    void listen(String channel, Consumer<String> text) {
        apart.put(channel, text);
        channels.add(channel);
    }

    /** As above, and tells {@code gap} when something may have been missed. */
    void listen(String channel, Consumer<String> text, Runnable gap) {
        gaps.put(channel, gap);
        listen(channel, text);
    }

    /** Listens to {@code channel}, a plain identifier, soon. */
    void listen(String channel) {
        channels.add(channel);
    }

    /** Listens to it no more. */
    void unlisten(String channel) {
        apart.remove(channel);
        gaps.remove(channel);
        channels.remove(channel);
    }

    /**
     * Does {@code task} on the connection, and waits for it, for some seconds at most.
     *
     * @throws SQLException if it fails, or there is no connection
     */
    <T> T run(Task<T> task) throws SQLException {
        return run(task, tasks);
    }

    /**
     * As above, before what others wait for: a heartbeat that is late behind them would have all of them fail.
     *
     * @throws SQLException if it fails, or there is no connection
     */
    <T> T runFirst(Task<T> task) throws SQLException {
        return run(task, first);
    }

    private <T> T run(Task<T> task, BlockingQueue<Consumer<@Nullable Connection>> queue) throws SQLException {
        CompletableFuture<T> result = new CompletableFuture<>();
        Consumer<@Nullable Connection> doing = connection -> {
            if (!result.isDone() && connection != null) {
                try {
                    result.complete(task.on(connection));
                } catch (Throwable failed) { // whose task it is hears of it
                    result.completeExceptionally(failed);
                }
            }
        };
        long before = steps.get();
        if (!queue.offer(doing)) {
            throw new SQLTransientConnectionException(MAX_WAITING + " others wait for the control connection", "53300");
        }
        try {
            return result.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof SQLException told) {
                throw told;
            }
            throw new IllegalStateException("a task failed", failed.getCause());
        } catch (TimeoutException late) {
            if (!isDoneSoon(result)) {
                abortIfStuckSince(before);
            }
            result.cancel(false);
            SQLException why = failure;
            throw new SQLTransientConnectionException(
                    "no connection to the database within " + PATIENCE.toSeconds() + " s"
                            + (why == null ? "" : ": " + why.getMessage()),
                    "08001",
                    why == null ? late : why);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", "08001", e);
        }
    }

    /** The thread that waits for an answer there then fails, and opens another connection. */
    private void abortIfStuckSince(long before) {
        Connection stuck = serving; // first this: a later connection is a later step
        if (stuck == null || steps.get() != before) {
            return;
        }
        log.debug("Nothing has happened on the control connection to the database for {} s", PATIENCE.toSeconds());
        abort(stuck);
    }

    /** After a pause of the whole process the answer may be there, and the thread that reads it not awake yet. */
    private static boolean isDoneSoon(CompletableFuture<?> result) {
        try {
            Object _ = result.get(SOON.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            log.trace("Not answered on the control connection to the database", e);
        }
        return result.isDone();
    }

    private static void abort(Connection stuck) {
        try {
            stuck.abort(
                    command -> Thread.ofVirtual().name("tutti-control-abort").start(command));
        } catch (SQLException failed) {
            log.debug("The control connection to the database could not be aborted", failed);
        }
    }

    private Duration keep() {
        try (Connection connection = database.getConnection()) {
            serveUntilLost(connection);
            return PAUSE;
        } catch (SQLException lost) {
            lost(lost);
            return BACKOFF.jittered(failures); // all instances have lost the same server
        }
    }

    private void serveUntilLost(Connection connection) throws SQLException {
        steps.incrementAndGet();
        serving = connection;
        try {
            serve(connection);
        } catch (SQLException lost) {
            if (closing.getCount() > 0) {
                Failures.guard("telling that the control connection is lost", onLoss);
            }
            throw lost;
        } finally {
            serving = null;
        }
    }

    private void serve(Connection connection) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, NETWORK_TIMEOUT_MILLIS);
        PGConnection notified = connection.unwrap(PGConnection.class);
        long own = notified.getBackendPID();
        sessions.add(own);
        try (Statement statement = connection.createStatement()) {
            statement.execute(PostgresConnector.KEEPALIVE);
        }
        endFormer(connection, own);
        Set<String> listening = new HashSet<>();
        Set<String> fresh = follow(connection, listening);
        open();
        missed(fresh);
        while (closing.getCount() > 0 && !reopening) {
            boolean idle = first.isEmpty() && tasks.isEmpty();
            for (PGNotification each : idle ? notified.getNotifications(LOOK_UP_MILLIS) : notified.getNotifications()) {
                apart.getOrDefault(each.getName(), received).accept(each.getParameter());
            }
            steps.incrementAndGet();
            missed(follow(connection, listening));
            @Nullable Consumer<@Nullable Connection> task = next();
            for (int done = 1; task != null; done++) {
                task.accept(connection);
                steps.incrementAndGet();
                if (connection.isClosed()) {
                    throw new SQLException("the connection was lost", "08006");
                }
                task = done < TASKS_AT_ONCE ? next() : null;
            }
        }
    }

    /** The session of a connection that vanished goes on at the server. */
    private void endFormer(Connection connection, long own) throws SQLException {
        Set<Long> former = new HashSet<>(sessions);
        former.remove(own);
        if (!former.isEmpty()) {
            OpenedSessions.end(connection, name, former);
            sessions.retainAll(Set.of(own));
            steps.incrementAndGet();
        }
    }

    private @Nullable Consumer<@Nullable Connection> next() {
        @Nullable Consumer<@Nullable Connection> next = first.poll();
        return next == null ? tasks.poll() : next;
    }

    /** Listens to the channels that are wanted, and answers which of them it did not before. */
    private Set<String> follow(Connection connection, Set<String> listening) throws SQLException {
        if (listening.equals(channels)) {
            return Set.of();
        }
        Set<String> wanted = Set.copyOf(channels);
        Set<String> fresh = new HashSet<>(wanted);
        fresh.removeAll(listening);
        listening.addAll(fresh);
        StringBuilder commands = new StringBuilder();
        fresh.forEach(channel -> commands.append("listen ").append(channel).append(';'));
        listening.removeIf(channel -> {
            if (!wanted.contains(channel)) {
                commands.append("unlisten ").append(channel).append(';');
                return true;
            }
            return false;
        });
        if (!commands.isEmpty()) {
            try (Statement statement = connection.createStatement()) {
                statement.execute(commands.toString());
            }
        }
        return fresh;
    }

    /** Tells of notifications that were missed: those on channels that were wanted already, but not listened to yet. */
    private void missed(Set<String> fresh) {
        for (String channel : fresh) {
            @Nullable Runnable gap = gaps.get(channel);
            if (gap != null) {
                gap.run();
            }
        }
    }

    /** Opens another connection instead of this one, soon. */
    void reopen() {
        reopening = true;
    }

    private void open() {
        reopening = false;
        failures = 0;
        if (failure != null) {
            failure = null;
            log.info("The control connection to the database is open again");
        }
        if (opened) {
            reopened.run();
        }
        opened = true;
    }

    private void lost(SQLException why) {
        if (closing.getCount() == 0) {
            return;
        }
        if (failure == null) {
            log.warn(
                    "The control connection to the database is lost ({}); hints of other instances are missed",
                    why.getMessage());
        }
        failure = why;
        failures++;
    }

    /** Ends it, within a second or two. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        loop.close(Duration.ofSeconds(2));
        Connection stuck = serving;
        if (stuck != null) {
            abort(stuck); // an interrupt does not reach a thread that reads
        }
    }
}
