package dev.tutti.server.webhook;

import dev.tutti.postgres.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stream with events that a webhook still has to post.
 *
 * @param stream its name
 * @param cursor the last event that was delivered
 * @param head the last one that is to be delivered
 * @param attempts how often in a row it has failed
 * @param due when it is tried next
 * @param error how it failed last; null if it did not
 */
public record WaitingStream(
        String stream,
        long cursor,
        long head,
        int attempts,
        Instant due,
        @Nullable String error) {
    /** The one of a row of {@code tutti.webhook_stream}. */
    static WaitingStream of(ResultSet rows) throws SQLException {
        return new WaitingStream(
                rows.getString("stream"),
                rows.getLong("cursor"),
                rows.getLong("head"),
                rows.getInt("attempts"),
                Sql.instant(rows, "due"),
                rows.getString("error"));
    }
}
