package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Instant;
import java.util.List;

/** The people whom others have blocked, in {@code tutti.user_block}. Safe for use by many threads; blocks. */
final class BlockStore {
    /** People that one person blocks. */
    static final int MOST = 1_000;

    private static final Sql ADD = new Sql("""
            insert into tutti.user_block (user_id, blocked_id)
            select ?, ? where (select count(*) from tutti.user_block where user_id = ? and blocked_id <> ?) < ?
            on conflict (user_id, blocked_id) do update set user_id = excluded.user_id
            """);

    private static final Sql REMOVE = new Sql("delete from tutti.user_block where user_id = ? and blocked_id = ?");

    private static final Sql LIST = new Sql("""
            select u.id, u.name, u.display_name, u.avatar, b.created_at
            from tutti.user_block b join tutti.user u on u.id = b.blocked_id
            where b.user_id = ? order by b.created_at desc, u.id
            """);

    private final Database database;

    BlockStore(Database database) {
        this.database = database;
    }

    /** Somebody who is blocked, and since when. */
    record Blocked(User user, Instant since) {}

    /** Without effect if they are blocked. */
    void add(String user, String blocked) {
        int added = database.transaction(connection -> {
            if (!UserStore.hold(connection, user)) {
                throw AccountChanges.unknown();
            }
            return ADD.update(connection, user, blocked, user, blocked, MOST);
        });
        if (added == 0) {
            throw new TuttiException(ErrorCode.LIMIT_REACHED, "you block " + MOST + " people, which is the most");
        }
    }

    /** Without effect if they are not blocked. */
    void remove(String user, String blocked) {
        database.statement(connection -> REMOVE.update(connection, user, blocked));
    }

    /** Those whom {@code user} blocks, the latest first. */
    List<Blocked> of(String user) {
        return database.statement(connection ->
                LIST.list(connection, rows -> new Blocked(User.of(rows), Sql.instant(rows, "created_at")), user));
    }
}
