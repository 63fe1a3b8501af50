package dev.tutti.cli.proof.worker;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.lease.LeaseSettings;
import dev.tutti.edge.Edge;
import dev.tutti.http.Reply;
import dev.tutti.lease.Lease;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.worker.WorkerContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;

/**
 * One instance of an application, with a worker that runs once and one that runs in shards. Each writes a row again and again.
 *
 * <p>A worker that has lost its lease does what a process does that was stopped after it had looked: it goes on to write under its token, without
 * another look, until the database refuses that. The refusal is a row, too.
 */
final class Poller {
    /** How many shards there are. */
    static final int SHARDS = 8;

    private static final int CONNECTIONS = 40; // of all instances: no worker has to wait for one
    private static final Duration PACE = Duration.ofMillis(20);
    private static final Duration PACE_OF_SHARDS = Duration.ofMillis(100);
    private static final Duration PERSISTENCE = Duration.ofMinutes(2);
    private static final String EFFECT = "insert into effect (worker, token, instance) values (?, ?, ?)";
    private static final String REFUSAL = "insert into refusal (worker, token, instance) values (?, ?, ?)";

    private final DataSource database;

    private Poller(DataSource database) {
        this.database = database;
    }

    public static void main(String... arguments) {
        PostgresBackend backend = PostgresBackend.at(PostgresAddress.parse(System.getenv("DATABASE_URL")))
                .connections(CONNECTIONS, 2)
                .open();
        Tutti tutti = Tutti.on(backend)
                .leases(new LeaseSettings(Duration.parse(System.getenv("LEASE"))))
                .secret("a secret of the tests, and of no one else")
                .start();
        Poller poller = new Poller(backend.database());
        tutti.workers().singleton("poller", context -> poller.run(context, PACE));
        tutti.workers().sharded("part", SHARDS, context -> poller.run(context, PACE_OF_SHARDS));
        Edge.of(tutti)
                .port(Integer.parseInt(System.getenv("PORT")))
                .routes(routes -> routes.on("GET", "/health/ready", _ -> Reply.ok("ready"))
                        .on("POST", "/leave", _ -> {
                            tutti.drain();
                            return Reply.ok("left");
                        }))
                .start();
    }

    /** The name under which the rows of the worker that runs once are. */
    static String singleton() {
        return "poller 0";
    }

    /** The name under which the rows of a shard are, from 0. */
    static String shard(int number) {
        return "part " + number;
    }

    private void run(WorkerContext context, Duration pace) throws InterruptedException {
        String worker = context.type() + " " + context.shard();
        try {
            while (context.pause(pace)) {
                boolean _ = isRefused(context.lease(), worker);
            }
        } finally {
            if (!context.lease().isHeld()) {
                Thread.startVirtualThread(() -> goOn(context.lease(), worker)); // which nobody interrupts
            }
        }
    }

    private void goOn(Lease lost, String worker) {
        long end = System.nanoTime() + PERSISTENCE.toNanos();
        while (!isRefused(lost, worker) && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(PACE.toNanos());
        }
    }

    /** Writes a row, if the database does not refuse it; one that cannot be asked has not refused it. */
    private boolean isRefused(Lease lease, String worker) {
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            boolean refused = false;
            try {
                lease.fenced(transaction, open -> insert(open, EFFECT, worker, lease.token()));
            } catch (TuttiException refusal) {
                if (refusal.code() != ErrorCode.LEASE_LOST) {
                    throw refusal;
                }
                insert(transaction, REFUSAL, worker, lease.token());
                refused = true;
            }
            transaction.commit();
            return refused;
        } catch (SQLException | TuttiException away) {
            System.err.println("nothing was written: " + away);
            return false;
        }
    }

    private static int insert(Connection transaction, String sql, String worker, long token) throws SQLException {
        try (PreparedStatement insert = transaction.prepareStatement(sql)) {
            insert.setString(1, worker);
            insert.setLong(2, token);
            insert.setString(3, System.getenv("NAME"));
            return insert.executeUpdate();
        }
    }
}
