package dev.tutti.postgres.replica;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Periodic;
import dev.tutti.health.Status;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Replica;
import dev.tutti.postgres.sql.Sql;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A streaming replica (physical, a hot standby) that is never behind what its reader may know. Before each read the primary is
 * asked where its log ends, which costs it next to nothing, and is asked once for all who read at a time; the replica is used if it
 * has replayed up to there, on the connection that then reads. So a reader sees everything that anybody had committed before, here
 * or at another instance, as at the primary. Two things are looked at once a second: whether the replica follows this primary, see
 * {@link ReplicaProof}, and how far behind it is. A question that fails at the replica is asked of the primary, and then nothing is
 * asked of the replica until the next look finds it well. Safe for use by many threads; blocks.
 */
public final class StreamingReplica implements Replica, AutoCloseable {
    /** How far the replica is behind, in seconds; not a number while it is not known. */
    public static final String LAG = "tutti.replica.lag";

    /** 1 while reads may go to the replica, else 0. */
    public static final String USABLE = "tutti.replica.usable";

    /** Reads that the replica could have answered, by {@code where} they were. */
    public static final String READS = "tutti.replica.reads";

    private static final Logger log = LoggerFactory.getLogger(StreamingReplica.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration CATCHES_UP_WITHIN = Duration.ofMillis(100);
    private static final long PAUSE_MILLIS = 2;
    private static final int LOOK_MILLIS = 1_000;
    private static final int READ_MILLIS = 5_000;
    private static final String BUSY = "53300";
    private static final long NONE = -1;
    private static final Sql REPLAYED = new Sql("""
            select coalesce(case when pg_is_in_recovery() then pg_last_wal_replay_lsn() - '0/0'::pg_lsn end, -1) as lsn
            """);

    private final DataSource primary;
    private final DataSource replica;
    private final Runnable reconnect;
    private final String sessions;
    private final CoalescedQuery<WalPosition> end;
    private final Counter here;
    private final Counter elsewhere;
    private final ReplicaProof proof = new ReplicaProof();
    private final CountDownLatch closing = new CountDownLatch(1);
    private final Periodic looking;
    private volatile ReplicaState state = new ReplicaState.Unknown("nobody has looked at it yet");
    private volatile boolean slow;

    /**
     * The replica behind {@code replica}, as it is found to be while this is open.
     *
     * @param reconnect has {@code replica} give new connections from then on
     * @param sessions the name of this instance's sessions at {@code primary}, by which its heartbeats are found
     */
    public StreamingReplica(
            DataSource primary, DataSource replica, Runnable reconnect, String sessions, MeterRegistry meters) {
        this.primary = primary;
        this.replica = replica;
        this.reconnect = reconnect;
        this.sessions = sessions;
        this.end = new CoalescedQuery<>(this::endOfLog);
        this.here = counter("replica", meters);
        this.elsewhere = counter("primary", meters);
        Gauge.builder(LAG, this, StreamingReplica::lagSeconds)
                .description("How far the replica is behind, as of this instance's heartbeats")
                .baseUnit("seconds")
                .register(meters);
        Gauge.builder(USABLE, this, it -> it.state instanceof ReplicaState.Usable ? 1 : 0)
                .description("Whether reads may go to the replica")
                .register(meters);
        this.looking = new Periodic("tutti-replica", INTERVAL, this::look);
    }

    private static Counter counter(String where, MeterRegistry meters) {
        return Counter.builder(READS)
                .description("Reads that may go to the replica, by where they went")
                .tag("where", where)
                .register(meters);
    }

    @Override
    public <T> Optional<T> current(Database.Work<T> work) {
        return counted(
                slow
                        ? Optional.empty()
                        : read(CATCHES_UP_WITHIN, (connection, current) -> {
                            slow = !current;
                            return current ? Optional.of(work.run(connection)) : Optional.empty();
                        }));
    }

    @Override
    public <T> Optional<T> asItIs(Reading<T> reading) {
        return counted(read(Duration.ZERO, reading));
    }

    private <T> Optional<T> counted(Optional<T> read) {
        (read.isPresent() ? here : elsewhere).increment();
        return read;
    }

    private <T> Optional<T> read(Duration patience, Reading<T> reading) {
        if (!(state instanceof ReplicaState.Usable(int timeline, Duration _))) {
            return Optional.empty();
        }
        WalPosition needed;
        try {
            needed = end.ask();
        } catch (SQLException away) {
            log.debug("The primary will say the same to whoever reads there", away);
            return Optional.empty();
        }
        return needed.timeline() == timeline ? read(needed.lsn(), patience, reading) : Optional.empty();
    }

    private <T> Optional<T> read(long needed, Duration patience, Reading<T> reading) {
        try (Connection connection = replica.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, LOOK_MILLIS);
            long replayed = replayed(connection, needed, patience);
            if (replayed == NONE) {
                return Optional.empty();
            }
            connection.setNetworkTimeout(Runnable::run, READ_MILLIS);
            return reading.run(connection, replayed >= needed);
        } catch (SQLException failure) {
            failed(failure);
            return Optional.empty();
        }
    }

    /** How far it has come, at the latest after {@code patience}; {@link #NONE} if it is no replica any more. */
    private long replayed(Connection connection, long needed, Duration patience) throws SQLException {
        Deadline deadline = Deadline.in(patience);
        while (true) {
            long replayed =
                    REPLAYED.first(connection, row -> row.getLong("lsn")).orElseThrow();
            if (replayed == NONE || replayed >= needed || deadline.isOver()) {
                return replayed;
            }
            pause();
        }
    }

    private void pause() throws SQLException {
        try {
            if (closing.await(PAUSE_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new SQLException("this instance is closing");
            }
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
            throw new SQLException("interrupted", toEnd);
        }
    }

    /** A statement that was cancelled, because it kept the replica from replaying for example, says nothing of the replica. */
    private void failed(SQLException failure) {
        String code = String.valueOf(failure.getSQLState());
        if (code.startsWith("08") || code.startsWith("57P")) {
            become(new ReplicaState.Away(innermost(failure)));
        } else {
            log.debug("A read goes to the primary, as the replica failed it", failure);
        }
    }

    private WalPosition endOfLog() throws SQLException {
        try (Connection connection = primary.getConnection()) {
            connection.setNetworkTimeout(
                    Runnable::run, READ_MILLIS); // others wait for this, who could read there instead
            return WalPosition.end(connection);
        }
    }

    private void look() {
        PrimaryStatus status;
        try (Connection connection = primary.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, READ_MILLIS);
            status = PrimaryStatus.of(connection, sessions);
        } catch (SQLException away) {
            become(new ReplicaState.Unknown("the primary does not say how far it is: " + innermost(away)));
            return;
        }
        try (Connection connection = replica.getConnection()) {
            connection.setNetworkTimeout(Runnable::run, LOOK_MILLIS);
            long needed = status.position().lsn();
            slow = replayed(connection, needed, CATCHES_UP_WITHIN) < needed;
            become(proof.judge(status, ReplicaStatus.of(connection, sessions)));
            if (state instanceof ReplicaState.Foreign) {
                reconnect.run(); // by the next look the address may lead elsewhere
            }
        } catch (SQLException failure) {
            if (!BUSY.equals(failure.getSQLState())) { // those who keep it busy find out what is wrong with it
                become(new ReplicaState.Away(innermost(failure)));
            }
        }
    }

    /** Says it once, not each time. */
    private synchronized void become(ReplicaState next) {
        ReplicaState before = state;
        state = next;
        if (next.getClass().equals(before.getClass())) {
            return;
        }
        switch (next) {
            case ReplicaState.Foreign(String reason) ->
                log.error("DATABASE_READ_REPLICA_URL: all reads go to the primary: {}", reason);
            case ReplicaState.Away(String reason) ->
                log.warn("All reads go to the primary: the replica is away: {}", reason);
            case ReplicaState.Behind(Duration lag) -> log.warn("All reads go to the primary: {}", behind(lag));
            case ReplicaState.Unknown(String reason) -> log.debug("All reads go to the primary: {}", reason);
            case ReplicaState.Usable _ -> log.info("The replica follows the primary; reads go there");
        }
    }

    private static String behind(Duration lag) {
        return "what this instance wrote " + lag.toSeconds() + " s ago has not come to the replica";
    }

    /**
     * Whether reads may go there.
     *
     * @throws TuttiException if not, with the reason
     */
    public Status check() {
        return switch (state) {
            case ReplicaState.Usable _ -> Status.HEALTHY;
            case ReplicaState.Unknown _ -> Status.DEGRADED;
            case ReplicaState.Behind(Duration lag) -> throw unavailable(behind(lag));
            case ReplicaState.Away(String reason) -> throw unavailable(reason);
            case ReplicaState.Foreign(String reason) -> throw unavailable(reason);
        };
    }

    private static TuttiException unavailable(String reason) {
        return new TuttiException(ErrorCode.UNAVAILABLE, reason);
    }

    private double lagSeconds() {
        return switch (state) {
            case ReplicaState.Usable(int _, Duration lag) -> seconds(lag);
            case ReplicaState.Behind(Duration lag) -> seconds(lag);
            case ReplicaState.Unknown _, ReplicaState.Away _, ReplicaState.Foreign _ -> Double.NaN;
        };
    }

    private static double seconds(Duration lag) {
        return lag.toMillis() / 1_000.0;
    }

    private static String innermost(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    /** Looks no more; the replica's connections are closed by the one who opened them. Idempotent. */
    @Override
    public void close() {
        closing.countDown();
        looking.close();
    }
}
