package dev.tutti.postgres.sql;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long statements of one purpose may take, which is a few seconds: so a connection that vanished costs no more. After one that
 * the server had to end they may take twice as long, up to what the connection has anyway, until one is done: a database that is
 * there, and slow, is not asked in vain for ever. Safe for use by many threads.
 */
final class Patience {
    private static final Duration MOST = Duration.ofMinutes(10); // no pool's limit is known here

    private final Duration usual;
    private volatile Duration now;

    Patience(Duration usual) {
        this.usual = usual;
        this.now = usual;
    }

    <T extends @Nullable Object> T run(Connection connection, Database.Work<T> work) throws SQLException {
        Duration limit = now;
        NetworkBound.narrow(connection, limit);
        try {
            T result = work.run(connection);
            now = usual;
            return result;
        } catch (SQLException failure) {
            failed(PostgresFailure.of(failure), limit);
            throw failure;
        } catch (TuttiException failure) {
            failed(failure, limit);
            throw failure;
        }
    }

    private void failed(TuttiException failure, Duration limit) {
        if (failure.code() == ErrorCode.TIMEOUT && limit.compareTo(MOST) < 0) {
            now = limit.multipliedBy(2);
        }
    }
}
