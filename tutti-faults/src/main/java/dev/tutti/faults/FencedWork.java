package dev.tutti.faults;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.worker.WorkerContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import javax.sql.DataSource;

/**
 * The work of the bench's workers: they note the token under which they work, again and again. Each thinks for a while in the middle,
 * so that a process that stands still often does so after it has looked and before it writes. Safe for use by many threads.
 */
final class FencedWork {
    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration THOUGHT = Duration.ofMillis(100);
    private static final String TABLE = "create table if not exists faults_effect"
            + " (id bigserial primary key, shard integer not null, token bigint not null)";
    private static final String WRITE = "insert into faults_effect (shard, token) values (?, ?)";

    private final DataSource database;

    FencedWork(DataSource database) {
        this.database = database;
    }

    void run(WorkerContext context, int shard) throws InterruptedException, SQLException {
        while (context.pause(PACE)) {
            try (Connection transaction = database.getConnection()) {
                transaction.setAutoCommit(false);
                context.lease()
                        .fenced(
                                transaction,
                                open -> write(open, shard, context.lease().token()));
                transaction.commit();
            } catch (TuttiException refused) {
                if (refused.code() != ErrorCode.LEASE_LOST) {
                    throw refused;
                }
            }
        }
    }

    private static int write(Connection transaction, int shard, long token) throws SQLException {
        try (Statement table = transaction.createStatement()) {
            table.execute(TABLE);
        }
        think();
        try (PreparedStatement insert = transaction.prepareStatement(WRITE)) {
            insert.setInt(1, shard);
            insert.setLong(2, token);
            return insert.executeUpdate();
        }
    }

    /** As careless code does: it does not listen, and goes on with what it has begun. */
    private static void think() {
        try {
            Thread.sleep(THOUGHT);
        } catch (InterruptedException unheard) {
            // only the fence keeps it from being written
        }
    }
}
