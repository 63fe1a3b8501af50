package dev.tutti.cli.proof.job;

import dev.tutti.TuttiException;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobOptions;
import dev.tutti.server.Application;
import dev.tutti.server.ServerContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;

/**
 * An application whose jobs have an effect when they may, and try to have it whatever tells them to stop: as one would whose
 * process stood still just before.
 */
public final class Charges implements Application {
    /** For the class loader. */
    public Charges() {}

    @Override
    public void start(ServerContext context) {
        DataSource database = context.database();
        String instance = context.tutti().instance().value();
        context.tutti().jobs().register("charge", JobOptions.DEFAULT.withTimeout(Duration.ofMinutes(5)), job -> {
            boolean done = false;
            while (!done) {
                try {
                    done = step(database, job, instance);
                } catch (InterruptedException | SQLException again) {
                    boolean _ = Thread.interrupted(); // or no connection would be given
                }
            }
        });
    }

    private static boolean step(DataSource database, JobContext job, String instance)
            throws SQLException, InterruptedException {
        try (Connection connection = database.getConnection()) {
            note(connection, "begun", job, instance);
            if (!allowed(connection)) {
                boolean never = new CountDownLatch(1).await(20, TimeUnit.MILLISECONDS);
                return never;
            }
            connection.setAutoCommit(false);
            try {
                job.fenced(connection, on -> {
                    note(on, "effect", job, instance);
                    return true;
                });
                connection.commit();
            } catch (TuttiException outdated) {
                connection.rollback();
                note(connection, "refused", job, instance);
                connection.commit();
            } finally {
                connection.rollback();
                connection.setAutoCommit(true);
            }
            return true;
        }
    }

    private static boolean allowed(Connection connection) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select from allowed");
                ResultSet rows = statement.executeQuery()) {
            return rows.next();
        }
    }

    private static void note(Connection connection, String what, JobContext job, String instance) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement("insert into note values (?, ?, ?, ?) on conflict do nothing")) {
            statement.setString(1, what);
            statement.setLong(2, job.id());
            statement.setInt(3, job.attempt());
            statement.setString(4, instance);
            statement.executeUpdate();
        }
    }
}
