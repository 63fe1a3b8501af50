package dev.tutti.embedded;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Backoff;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Loop;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running embedded PostgreSQL in a directory, which no other process can use at the same time. Committed data survives the end of its
 * processes, of this process and of the machine, in whatever way they end.
 *
 * <p>It listens only on 127.0.0.1, on a free port, and requires a random password. If its processes are killed, it is started again on the
 * same port. Then open connections are broken, and new ones succeed. Safe for use by many threads.
 */
public final class EmbeddedDatabase implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedDatabase.class);
    private static final String NAME = "tutti";
    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(30);
    private static final Duration WATCH = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);
    private static final Backoff BACKOFF = new Backoff(Duration.ofSeconds(1), LONGEST_PAUSE);

    private final PgCluster cluster;
    private final DirectoryLock lock;
    private final int port;
    private final String password;
    private final Duration startTime;
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Loop watcher;
    private int failures; // of the watcher's thread: starts that failed one after the other

    private EmbeddedDatabase(PgCluster cluster, DirectoryLock lock, int port, String password, Duration startTime) {
        this.cluster = cluster;
        this.lock = lock;
        this.port = port;
        this.password = password;
        this.startTime = startTime;
        this.watcher = new Loop(Loop.platform("embedded-postgres-watch"), LONGEST_PAUSE, this::watch).start();
    }

    /**
     * Starts the database in the settings' directory, which is created if it does not exist. This takes about a quarter of a second, and a few
     * seconds the first time. If a killed process left a PostgreSQL running there, that one is ended first. An interrupt ends the start and
     * leaves nothing running; the thread's interrupted status is kept.
     *
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if another process uses the directory, with {@link
     *     ErrorCode#UNSUPPORTED} if there is no PostgreSQL for this machine or user, with {@link ErrorCode#UNAVAILABLE}
     *     if it does not start
     */
    public static EmbeddedDatabase start(EmbeddedSettings settings) {
        return start(settings, OsUser.find());
    }

    static EmbeddedDatabase start(EmbeddedSettings settings, OsUser identity) {
        long begin = System.nanoTime();
        Path directory = settings.directory();
        try {
            Files.createDirectories(directory);
            DirectoryLock lock = DirectoryLock.take(directory);
            try {
                PgCluster cluster = new PgCluster(settings, identity, Binaries.in(settings.binaries()));
                cluster.endLeftover();
                cluster.initialise();
                int port = cluster.start(0);
                try {
                    String password = cluster.password();
                    createDatabase(port, password);
                    Duration startTime = Duration.ofNanos(System.nanoTime() - begin);
                    LOG.info("PostgreSQL runs in {} on port {}, after {} ms", directory, port, startTime.toMillis());
                    return new EmbeddedDatabase(cluster, lock, port, password, startTime);
                } catch (SQLException | RuntimeException e) {
                    cluster.stop();
                    throw e;
                }
            } catch (IOException | SQLException | RuntimeException e) {
                lock.close();
                throw e;
            }
        } catch (IOException | SQLException e) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "PostgreSQL did not start in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** The URL for JDBC, without the password. */
    public String jdbcUrl() {
        return jdbcUrl(port, NAME);
    }

    /** The URL in libpq's form, with the password: do not log it. */
    public String url() {
        return "postgresql://" + PgCluster.USER + ":" + password + "@127.0.0.1:" + port + "/" + NAME;
    }

    /** The user, a superuser. */
    public String user() {
        return PgCluster.USER;
    }

    /** The user's password. */
    public String password() {
        return password;
    }

    /** The time that the start took, including unpacking and creating the database if they were needed. */
    public Duration startTime() {
        return startTime;
    }

    /** Ends the database, within at most half a minute. */
    @Override
    public void close() {
        close(CLOSE_WITHIN);
    }

    /**
     * Ends the database in an orderly way within {@code bound}. If this time is too short, ends it at once; the next start recovers it. Open
     * transactions are rolled back. Idempotent.
     *
     * @throws TuttiException with {@link ErrorCode#UNAVAILABLE} if the database does not end
     */
    public void close(Duration bound) {
        if (closed.getAndSet(true)) {
            return;
        }
        Deadline deadline = Deadline.in(bound);
        try (lock) {
            watcher.close(deadline.left());
            cluster.stop(deadline.left());
        } catch (IOException e) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "PostgreSQL did not end: " + e.getMessage(), e);
        }
    }

    /** Starts the server again when it is gone, with growing pauses while that fails. */
    private Duration watch() {
        try {
            if (!closed.get() && !cluster.running()) {
                LOG.error("PostgreSQL on port {} ended unexpectedly; starting it again", port);
                cluster.endLeftover();
                cluster.start(port);
                LOG.info("PostgreSQL runs again on port {}", port);
            }
            failures = 0;
            return WATCH;
        } catch (IOException | TuttiException e) {
            failures++;
            Duration pause = BACKOFF.pause(failures);
            LOG.error("PostgreSQL could not be started again; next attempt in {}", pause, e);
            return pause;
        }
    }

    private static void createDatabase(int port, String password) throws SQLException {
        try (Connection connection = DriverManager.getConnection(
                        jdbcUrl(port, "postgres") + "?loginTimeout=30", PgCluster.USER, password);
                Statement statement = connection.createStatement()) {
            boolean exists;
            try (ResultSet row = statement.executeQuery("select 1 from pg_database where datname = '" + NAME + "'")) {
                exists = row.next();
            }
            if (!exists) {
                statement.execute("create database " + NAME);
            }
        }
    }

    private static String jdbcUrl(int port, String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }
}
