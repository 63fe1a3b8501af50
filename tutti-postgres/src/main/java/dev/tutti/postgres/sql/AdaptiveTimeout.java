package dev.tutti.postgres.sql;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.net.SocketTimeoutException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The time that statements of one purpose may take, which is a few seconds: so a connection that vanished costs no more. After one
 * that was not answered in that time they may take twice as long, up to a limit and to what the connection has anyway, and after
 * one that was done twice what it took: a database that is there, and slow, is not asked in vain for ever. Safe for use by many
 * threads.
 */
final class AdaptiveTimeout {
    private static final int MOST_CAUSES = 10;

    private final Duration usual;
    private final Duration most;
    private final LongSupplier ticker;
    private volatile Duration now;

    /** {@code usual} at first, and {@code most}, which is no less, in the end; {@code ticker}, in nanoseconds, says what work took. */
    AdaptiveTimeout(Duration usual, Duration most, LongSupplier ticker) {
        this.usual = usual;
        this.most = most;
        this.ticker = ticker;
        this.now = usual;
    }

    <T extends @Nullable Object> T run(Connection connection, Database.Work<T> work) throws SQLException {
        Duration limit = now;
        NetworkBound.narrow(connection, limit);
        try {
            long begin = ticker.getAsLong();
            T result = work.run(connection);
            succeeded(Duration.ofNanos(ticker.getAsLong() - begin));
            return result;
        } catch (SQLException failure) {
            failed(PostgresFailure.of(failure), limit);
            throw failure;
        } catch (TuttiException failure) {
            failed(failure, limit);
            throw failure;
        }
    }

    /** A statement that is slow, and is done, leaves twice the time that it took to the next ones. */
    private void succeeded(Duration took) {
        Duration twice = took.multipliedBy(2);
        now = twice.compareTo(usual) <= 0 ? usual : lesser(twice);
    }

    private void failed(TuttiException failure, Duration limit) {
        if ((failure.code() == ErrorCode.TIMEOUT || isSilence(failure)) && limit.compareTo(most) < 0) {
            now = lesser(limit.multipliedBy(2));
        }
    }

    private Duration lesser(Duration wanted) {
        return wanted.compareTo(most) < 0 ? wanted : most;
    }

    /** A commit that is being written to the disk cannot be ended: then a server that is there is silent, too. */
    private static boolean isSilence(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int i = 0; i < MOST_CAUSES && cause != null; i++) {
            if (cause instanceof SocketTimeoutException) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
