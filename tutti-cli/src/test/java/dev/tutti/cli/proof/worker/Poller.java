package dev.tutti.cli.proof.worker;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.http.Reply;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.worker.WorkerContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;

/** One instance of an application: somebody writes a row every 20 ms, and only one instance at a time may. */
final class Poller {
    private static final Duration PACE = Duration.ofMillis(20);

    private Poller() {}

    public static void main(String... arguments) {
        PostgresBackend backend = PostgresBackend.open(System.getenv("DATABASE_URL"));
        Tutti tutti = Tutti.on(backend)
                .secret("a secret of the tests, and of no one else")
                .start();
        tutti.workers().singleton("poller", context -> poll(context, backend.database()));
        Edge.of(tutti)
                .port(Integer.parseInt(System.getenv("PORT")))
                .routes(routes -> routes.on("GET", "/health/ready", _ -> Reply.ok("ready"))
                        .on("POST", "/leave", _ -> {
                            tutti.drain();
                            return Reply.ok("left");
                        }))
                .start();
    }

    private static void poll(WorkerContext context, DataSource database) throws InterruptedException, SQLException {
        while (context.pause(PACE)) {
            try (Connection transaction = database.getConnection()) {
                transaction.setAutoCommit(false);
                context.lease()
                        .fenced(transaction, open -> write(open, context.lease().token()));
                transaction.commit();
            } catch (TuttiException refused) {
                if (refused.code() != ErrorCode.LEASE_LOST) {
                    throw refused;
                }
            }
        }
    }

    private static int write(Connection transaction, long token) throws SQLException {
        try (PreparedStatement insert =
                transaction.prepareStatement("insert into effect (token, instance) values (?, ?)")) {
            insert.setLong(1, token);
            insert.setString(2, System.getenv("NAME"));
            return insert.executeUpdate();
        }
    }
}
