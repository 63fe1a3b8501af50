package dev.tutti.chat.quota;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;

/** What accounts have used up, in {@code tutti.usage}. Safe for use by many threads; blocks. */
final class UsageStore {
    private static final Sql FIND = new Sql("""
            select user_id, bytes, streams, conversations from tutti.usage where user_id = ? and day = ?::date
            """);

    /** In the order of the keys, as two instances may do this at once. */
    private static final Sql ADD = new Sql("""
            insert into tutti.usage as u (user_id, day, bytes, streams, conversations)
            select used.user_id, ?::date, used.bytes, used.streams, used.conversations
            from unnest(?::text[], ?::bigint[], ?::bigint[], ?::bigint[])
                 as used (user_id, bytes, streams, conversations)
            join tutti.user on tutti.user.id = used.user_id
            order by used.user_id
            on conflict (user_id, day) do update
                set bytes = u.bytes + excluded.bytes,
                    streams = u.streams + excluded.streams,
                    conversations = u.conversations + excluded.conversations
            returning user_id, bytes, streams, conversations
            """);

    private static final Sql FORGET = new Sql("delete from tutti.usage where day < ?::date - 7");

    /** What one account has used up. */
    record Usage(String user, long bytes, long streams, long conversations) {}

    private final Database database;

    UsageStore(Database database) {
        this.database = database;
    }

    /** What {@code user} has used up on {@code day}. */
    Usage of(String user, LocalDate day) {
        return database.statement(connection -> FIND.first(connection, UsageStore::usage, user, day.toString()))
                .orElse(new Usage(user, 0, 0, 0));
    }

    /** Adds to what was used up on {@code day}; what that makes, for those who exist. */
    List<Usage> add(LocalDate day, Collection<Usage> more) {
        return database.statement(connection -> ADD.list(
                connection,
                UsageStore::usage,
                day.toString(),
                more.stream().map(Usage::user).toList(),
                more.stream().map(Usage::bytes).toList(),
                more.stream().map(Usage::streams).toList(),
                more.stream().map(Usage::conversations).toList()));
    }

    /** Forgets what is more than a week before {@code day}. */
    void forgetBefore(LocalDate day) {
        database.statement(connection -> FORGET.update(connection, day.toString()));
    }

    private static Usage usage(ResultSet rows) throws SQLException {
        return new Usage(
                rows.getString("user_id"),
                rows.getLong("bytes"),
                rows.getLong("streams"),
                rows.getLong("conversations"));
    }
}
