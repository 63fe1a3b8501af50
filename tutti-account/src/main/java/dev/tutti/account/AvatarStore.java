package dev.tutti.account;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.util.Base64;
import java.util.Optional;

/** Pictures of people, in {@code tutti.avatar}. Safe for use by many threads; blocks. */
final class AvatarStore {
    private static final int VERSION_CHARACTERS = 22;

    /** Locks the person, so that nothing is left of somebody who is deleted at the same moment. */
    private static final Sql REFER = new Sql("update tutti.user set avatar = ? where id = ? and deleted_at is null");

    private static final Sql PUT = new Sql("""
            insert into tutti.avatar (user_id, type, bytes) values (?, ?, ?)
            on conflict (user_id) do update set type = excluded.type, bytes = excluded.bytes
            """);

    private static final Sql REMOVE = new Sql("delete from tutti.avatar where user_id = ?");

    private static final Sql FIND = new Sql("""
            select u.avatar, a.type, a.bytes
            from tutti.user u join tutti.avatar a on a.user_id = u.id
            where u.id = ? and u.avatar is not null and u.deleted_at is null
            """);

    private final Database database;

    AvatarStore(Database database) {
        this.database = database;
    }

    /** A picture, and which one it is. */
    record Kept(String version, Avatar avatar) {}

    /** Makes {@code avatar} the picture of {@code user}; false if there is no such account. */
    boolean put(String user, Avatar avatar) {
        String version = version(avatar.bytes());
        return database.transaction(connection -> {
            if (REFER.update(connection, version, user) == 0) {
                return false;
            }
            PUT.update(connection, user, avatar.type(), avatar.bytes());
            return true;
        });
    }

    /** Without effect if there is none. */
    void remove(String user) {
        database.transaction(connection -> {
            REFER.update(connection, null, user);
            return REMOVE.update(connection, user);
        });
    }

    /** The picture of {@code user}, if there is one. */
    Optional<Kept> find(String user) {
        return database.read(connection -> FIND.first(
                connection,
                rows -> new Kept(rows.getString("avatar"), new Avatar(rows.getString("type"), rows.getBytes("bytes"))),
                user));
    }

    private static String version(byte[] bytes) {
        return Base64.getUrlEncoder().encodeToString(Digest.sha256(bytes)).substring(0, VERSION_CHARACTERS);
    }
}
