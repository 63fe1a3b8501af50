package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.io.Serial;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's share of the connections that all instances together may have. Each has the same; one is kept free for
 * whoever comes next. What an instance gives up it closes first, and what it takes others have given up before: so the sum
 * stays within the budget while instances come, crash and leave.
 *
 * <p>Acts on the heartbeat's thread.
 */
public final class ConnectionBudget implements MembershipListener {
    private static final Logger log = LoggerFactory.getLogger(ConnectionBudget.class);
    private static final Sql CLAIM = Sql.of("member/claim_connections");
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final PostgresPool pool;
    private final int budget;
    private final int apart;
    private final CountDownLatch granted = new CountDownLatch(1);
    private volatile @Nullable Members members;
    private volatile int held; // what the others know that this instance may have; 0 after joining

    /**
     * Shares {@code budget} connections, {@code DB_MAX_CONNECTIONS}, of which this instance has all but {@code apart} in
     * {@code pool}. The pool begins with the one connection that is kept free for it.
     *
     * @param apart connections outside the pool: 1 to listen on, or 0
     */
    public ConnectionBudget(PostgresPool pool, int budget, int apart) {
        this.pool = pool;
        this.budget = budget;
        this.apart = apart;
        pool.resize(1);
        pool.limitOpening(() -> members != null && !current());
    }

    /** What each of {@code instances} may have: the budget but for one connection, in equal parts. */
    static int share(int budget, int instances) {
        return (budget - 1) / instances;
    }

    @Override
    public void reborn(Member self) {
        held = 0;
        pool.resize(1);
    }

    @Override
    public void beaten(Members now) {
        members = now;
        int share = Math.max(least(), share(budget, now.others().size() + 1));
        if (share < held) {
            giveUp(now.self(), share);
        } else if (share > held) {
            take(now, share);
        }
    }

    private void giveUp(Member self, int share) {
        pool.resize(share - apart);
        if (pool.open() + apart <= share) { // else some are in use; the next heartbeat looks again
            held = claim(self, share);
        }
    }

    private void take(Members now, int share) {
        int got = claim(now.self(), share);
        if (got >= least()) {
            held = got;
            pool.resize(got - apart);
            granted.countDown();
        } else {
            int instances = now.others().size() + 1;
            log.warn(
                    "DB_MAX_CONNECTIONS is {}, of which {} instances need {}; waiting until others give some up",
                    budget,
                    instances,
                    instances * least() + 1);
        }
    }

    private int least() {
        return 1 + apart;
    }

    private int claim(Member self, int wanted) {
        Map<String, Object> values = Map.of("incarnation", self.incarnation(), "wanted", wanted, "budget", budget);
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = CLAIM.prepare(connection, 2, values);
                ResultSet row = statement.executeQuery()) {
            row.next();
            return row.getInt(1);
        } catch (SQLException failure) {
            throw PostgresFailure.of(failure);
        }
    }

    private boolean current() {
        Members known = members;
        return known != null && known.current();
    }

    /** Opens the connection outside the pool, once this instance has a share; with {@code settings}' names and times. */
    public DataSource apart(PostgresPoolSettings settings) {
        PostgresConnector connector = new PostgresConnector(settings, this::current);
        return new PGSimpleDataSource() {
            @Serial
            private static final long serialVersionUID = 1;

            @Override
            public Connection getConnection() throws SQLException {
                awaitShare();
                return connector.getConnection();
            }
        };
    }

    private void awaitShare() throws SQLException {
        try {
            if (!granted.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw new SQLTransientConnectionException(
                        "the other instances have left this one no connections: DB_MAX_CONNECTIONS is " + budget
                                + ", of which each instance needs " + (1 + apart) + ", and one is kept free",
                        "53300");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new SQLTransientConnectionException("interrupted", "53300", e);
        }
    }

    /** How many connections this instance may have now. */
    public int held() {
        return held;
    }

    /** Whether {@code budget} is enough for one instance at all. */
    public static void require(int budget, int apart) {
        if (share(budget, 1) < 1 + apart) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "DB_MAX_CONNECTIONS is " + budget + "; one instance needs " + (2 + apart) + " at least");
        }
    }
}
