package dev.tutti.chat.quota;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.List;

/**
 * The use of accounts, in {@code tutti.usage}, and of people without one, in {@code tutti.foreign_usage}. Safe for use by many
 * threads; blocks.
 */
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

    private static final Sql FIND_FOREIGN = new Sql("""
            select person as user_id, bytes, streams, 0::bigint as conversations
            from tutti.foreign_usage
            where person = ? and day = ?::date
            """);

    private static final Sql ADD_FOREIGN = new Sql("""
            insert into tutti.foreign_usage as u (person, day, bytes, streams)
            select used.person, ?::date, used.bytes, used.streams
            from unnest(?::text[], ?::bigint[], ?::bigint[]) as used (person, bytes, streams)
            order by used.person
            on conflict (person, day) do update
                set bytes = u.bytes + excluded.bytes,
                    streams = u.streams + excluded.streams
            returning person as user_id, bytes, streams, 0::bigint as conversations
            """);

    private static final Sql FORGET_FOREIGN = new Sql("delete from tutti.foreign_usage where day < ?::date - 7");

    /** The use of one account, or of one person without one. */
    record Usage(String user, long bytes, long streams, long conversations) {}

    private final Database database;

    UsageStore(Database database) {
        this.database = database;
    }

    /** The use of {@code holder} on {@code day}. */
    Usage of(QuotaHolder holder, LocalDate day) {
        Sql find = switch (holder.kind()) {
            case ACCOUNT -> FIND;
            case FOREIGN -> FIND_FOREIGN;
        };
        return database.statement(connection -> find.first(connection, UsageStore::usage, holder.id(), day.toString()))
                .orElse(new Usage(holder.id(), 0, 0, 0));
    }

    /** Adds to what those of {@code kind} have used up on {@code day}; what that makes, for those who exist. */
    List<Usage> add(LocalDate day, QuotaHolder.Kind kind, Collection<Usage> more) {
        List<String> users = more.stream().map(Usage::user).toList();
        List<Long> bytes = more.stream().map(Usage::bytes).toList();
        List<Long> streams = more.stream().map(Usage::streams).toList();
        List<Long> conversations = more.stream().map(Usage::conversations).toList();
        return database.statement(connection -> switch (kind) {
            case ACCOUNT ->
                ADD.list(connection, UsageStore::usage, day.toString(), users, bytes, streams, conversations);
            case FOREIGN -> ADD_FOREIGN.list(connection, UsageStore::usage, day.toString(), users, bytes, streams);
        });
    }

    /** Forgets what is more than a week before {@code day}. */
    void forgetBefore(LocalDate day) {
        database.statement(connection ->
                FORGET.update(connection, day.toString()) + FORGET_FOREIGN.update(connection, day.toString()));
    }

    private static Usage usage(ResultSet rows) throws SQLException {
        return new Usage(
                rows.getString("user_id"),
                rows.getLong("bytes"),
                rows.getLong("streams"),
                rows.getLong("conversations"));
    }
}
