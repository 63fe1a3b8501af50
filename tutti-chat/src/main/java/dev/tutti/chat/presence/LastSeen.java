package dev.tutti.chat.presence;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** When people were online last, in the database. Safe for use by many threads; blocks. */
final class LastSeen {
    private static final Sql NOTE = new Sql("""
            insert into tutti.last_seen (user_id, at)
            select u.id, clock_timestamp() from tutti.user u where u.id = any (?) order by u.id
            on conflict (user_id) do update set at = greatest(last_seen.at, excluded.at)
            """);

    private static final Sql FIND = new Sql("select user_id, at from tutti.last_seen where user_id = any (?)");

    private record Seen(String user, Instant at) {}

    private final Database database;

    LastSeen(Database database) {
        this.database = database;
    }

    /** They have just gone. */
    void note(Collection<String> users) {
        database.statement(connection -> NOTE.update(connection, users));
    }

    /** When those of {@code users} were seen who were. */
    Map<String, Instant> of(Collection<String> users) {
        Map<String, Instant> times = new LinkedHashMap<>();
        if (!users.isEmpty()) {
            database.statement(connection -> FIND.list(
                            connection, rows -> new Seen(rows.getString("user_id"), Sql.instant(rows, "at")), users))
                    .forEach(seen -> times.put(seen.user(), seen.at()));
        }
        return times;
    }
}
