package dev.tutti.postgres.sql;

import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;
import org.postgresql.util.PSQLWarning;
import org.postgresql.util.ServerErrorMessage;

/**
 * The server's word that it no longer waits for a standby that was to have a commit as well ({@code synchronous_standby_names}):
 * the statement was told to end, and its commit cannot be undone. The driver takes that for success. Whether it outlives the server
 * nobody knows.
 */
public final class CommitWarning {
    private static final String ROUTINE =
            "SyncRepWaitForLSN"; // its text is in the server's language, and its state that of all warnings

    private CommitWarning() {}

    /**
     * Has {@code statement}, which was executed and commits by itself, fail if its commit was not awaited to the end.
     *
     * @throws SQLException then, as of a lost connection: the outcome is unknown
     */
    public static void requireNone(Statement statement) throws SQLException {
        for (SQLWarning each = statement.getWarnings(); each != null; each = each.getNextWarning()) {
            @Nullable
            ServerErrorMessage told = each instanceof PSQLWarning warning ? warning.getServerErrorMessage() : null;
            if (told != null && ROUTINE.equals(told.getRoutine())) {
                throw new SQLException("the commit was not awaited: " + each.getMessage(), "08007", each);
            }
        }
    }
}
