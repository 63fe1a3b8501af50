package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member store that divides the connections which all instances together may have between its members: each has the same share,
 * one connection of it for its {@link ControlConnection} and the rest in its pool. Two are kept free for instances that start at
 * the same time, each with one connection until it has a share; one at least, where more would leave an instance too few. An
 * instance closes connections before it gives them up, and takes only those that others have given up before: so the sum stays
 * within the budget while instances come, crash and leave.
 *
 * <p>While its heartbeats do not come through, so that others may take its share, the pool opens no connection. Joining
 * waits until the others have made room.
 */
final class ConnectionBudget implements MemberStore {
    private static final Logger log = LoggerFactory.getLogger(ConnectionBudget.class);
    private static final Sql CLAIM = Sql.resource(ConnectionBudget.class, "member/claim_connections");
    private static final Sql SESSIONS = Sql.resource(ConnectionBudget.class, "member/sessions");
    private static final int LEAST = 2; // the control connection, and one in the pool
    private static final int FREE = 2; // for who comes next, and who comes at the same time
    private static final Duration PAUSE = Duration.ofMillis(250);
    private static final Duration LEAVE = Duration.ofSeconds(1);

    /** A commit that takes longer is none: one that waits for a standby is given up by then, and looks like success. */
    private static final Duration PROMPT = Duration.ofSeconds(2);

    private final MemberStore store;
    private final ControlConnection control;
    private final PostgresPool pool;
    private final OpenedSessions opened;
    private final int budget;
    private final Duration patience;
    private final LongSupplier ticker;
    private volatile Duration silence = Duration.ZERO; // after which the others take it for dead; told when it joins
    private volatile int held; // what the others know that this instance may have; 0 before joining
    private volatile long trustedUntil;
    private volatile boolean renewing;
    private volatile long committed;
    private volatile @Nullable TuttiException uncommitted;

    /**
     * Shares {@code budget} connections ({@code DB_MAX_CONNECTIONS}) between the members in {@code store}. The pool opens
     * none before this instance has joined.
     *
     * @param patience how long joining waits for others to make room. While it waits it takes out the dead, as nobody else may be
     *     alive to do that; with a longer silence it takes more than one try
     * @param ticker a monotonic clock in nanoseconds
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if they are not enough for one
     */
    ConnectionBudget(
            MemberStore store,
            ControlConnection control,
            PostgresPool pool,
            int budget,
            Duration patience,
            LongSupplier ticker) {
        if (budget - 1 < LEAST) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "DB_MAX_CONNECTIONS is " + budget + "; one instance needs " + (LEAST + 1) + " at least");
        }
        this.store = store;
        this.control = control;
        this.pool = pool;
        this.opened = new OpenedSessions(control, pool.settings().sessions(), pool::size);
        this.budget = budget;
        this.patience = patience;
        this.ticker = ticker;
        this.trustedUntil = ticker.getAsLong();
        this.committed = ticker.getAsLong();
        pool.count(opened);
        pool.openOnlyIf(() -> held > 0 && trustedUntil - ticker.getAsLong() > 0);
    }

    /** The share of {@code incarnation}: of all connections but those kept free, in parts as equal as can be. */
    private int share(UUID incarnation, List<Member> members) {
        long before = members.stream()
                .filter(each -> each.incarnation().compareTo(incarnation) < 0)
                .count();
        int divided = budget - FREE;
        int more = before < divided % members.size() ? 1 : 0;
        return Math.max(LEAST, divided / members.size() + more);
    }

    @Override
    public void join(Member member, Duration silence) {
        held = 0;
        pool.resize(1);
        store.join(member, silence);
        this.silence = silence;
        Deadline end = Deadline.in(patience);
        int got = claim(member.incarnation(), LEAST);
        while (got < LEAST && !end.isOver() && pause()) {
            store.heartbeat(Heartbeat.of(member), silence);
            got = claim(member.incarnation(), LEAST);
        }
        if (got < LEAST) {
            store.leave(member.incarnation());
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the other instances have left this one no connections within " + patience
                            + ": DB_MAX_CONNECTIONS is " + budget + ", of which each instance needs " + LEAST
                            + " and one at least is kept free; raise it for all, in a program of one's own by"
                            + " PostgresBackend.Builder.connections");
        }
        hold(got);
        trustedUntil = ticker.getAsLong() + PAUSE.toNanos(); // until the first heartbeat
    }

    @Override
    public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
        long now = ticker.getAsLong();
        MemberList members;
        try {
            members = store.heartbeat(heartbeat, silence);
        } catch (TuttiException failure) {
            uncommitted = failure;
            throw failure;
        }
        Duration took = Duration.ofNanos(ticker.getAsLong() - now);
        if (took.compareTo(PROMPT) < 0) {
            committed = now;
        } else {
            uncommitted = new TuttiException(
                    ErrorCode.TIMEOUT,
                    "a heartbeat's commit took " + took.toMillis() + " ms; commits hang or are slow");
        }
        UUID incarnation = heartbeat.member().incarnation();
        if (members.contains(incarnation)) {
            trustedUntil = now + silence.toNanos() * 4 / 5;
            if (renewing) {
                renewing = false;
                pool.renew();
            }
            try {
                adjust(incarnation, share(incarnation, members.members()));
            } catch (TuttiException later) {
                // the heartbeat came through, which is what counts; the next one looks again
                log.debug("The share of the connections could not be claimed", later);
            }
        }
        return members;
    }

    /**
     * Whether the database takes writes: whether a heartbeat has been committed, promptly, within the time after which the
     * others take an instance for dead.
     *
     * @throws TuttiException if not; it says why
     */
    void requireCommits() {
        if (ticker.getAsLong() - committed > silence.toNanos()) {
            TuttiException why = uncommitted;
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "no heartbeat was committed within " + silence.toSeconds() + " s", why);
        }
    }

    /**
     * Has the pool's idle connections closed after the next heartbeat that is committed. Not before: while others may take this instance
     * for dead none could be opened in their place.
     */
    void renewPool() {
        renewing = true;
    }

    private void adjust(UUID incarnation, int share) {
        if (share < held) {
            pool.resize(share - 1);
            if (pool.open() < share) { // else some are in use; the next heartbeat looks again
                endClosed();
                held = claim(incarnation, share); // more, if the server has not closed them yet: the same
            }
        } else if (share > held) {
            hold(claim(incarnation, share));
        }
    }

    /** Sessions of connections that vanished would go on, and count as this instance's. */
    private void endClosed() {
        try {
            opened.endClosed();
        } catch (SQLException later) {
            log.debug("The sessions of closed connections could not be ended", later);
        }
    }

    private void hold(int connections) {
        held = connections;
        pool.resize(Math.max(1, connections - 1));
    }

    private int claim(UUID incarnation, int wanted) {
        return asked(CLAIM, Map.of("incarnation", incarnation, "wanted", wanted, "budget", budget));
    }

    /** A claim whose commit was not awaited counts, as a heartbeat does. */
    private int asked(Sql sql, Map<String, Object> values) {
        try {
            return control.runFirst(connection -> {
                try (PreparedStatement statement = sql.prepare(connection, values);
                        ResultSet row = statement.executeQuery()) {
                    row.next();
                    return row.getInt(1);
                }
            });
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private static boolean pause() {
        try {
            TimeUnit.NANOSECONDS.sleep(PAUSE.toNanos());
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Closes the pool first: the connections of this instance are others' once it is gone. */
    @Override
    public void leave(UUID incarnation) {
        pool.close();
        Deadline end = Deadline.in(LEAVE);
        while (sessions() > 1 && !end.isOver() && pause()) {
            endClosed();
            log.debug("The server has not closed all sessions of this instance yet");
        }
        store.leave(incarnation);
    }

    private int sessions() {
        Map<String, Object> values = Map.of("sessions", pool.settings().sessions());
        return asked(SESSIONS, values);
    }

    /** How many connections this instance may have now, all told. */
    int held() {
        return held;
    }
}
