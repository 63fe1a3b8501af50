package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.User;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds people and open groups. Safe for use by many threads; blocks. */
final class Directory {
    private static final int FOUND = 20;

    /** Ranges rather than "like", so that the index serves whatever the prefix is. */
    private static final Sql SEARCH_USERS = new Sql("""
            select id, name, display_name, avatar from (
                (select id, name, display_name, avatar from tutti.user where name >= ? and name < ? and deleted_at is null order by name limit ?)
                union
                (select id, name, display_name, avatar from tutti.user where search_name >= ? and search_name < ? and deleted_at is null
                 order by search_name, id limit ?)
            ) found
            order by name limit ?
            """);

    private static final Sql SEARCH_GROUPS = new Sql("""
            select id, title, member_count from tutti.conversation c
            where open and member_count > 0 and search_title >= ? and search_title < ?
              and not exists (select from tutti.member m where m.conversation_id = c.id and m.user_id = ?)
            order by search_title, id limit ?
            """);

    private static final Sql USERS =
            new Sql("select id, name, display_name, avatar from tutti.user where id = any (?)");

    /** A deletion waits until the transaction has ended, and so finds what that has made of them. */
    private static final Sql HOLD_PRESENT = new Sql("""
            select id, name, display_name, avatar from tutti.user where id = any (?) and deleted_at is null
            order by id for share
            """);

    private final Database database;

    Directory(Database database) {
        this.database = database;
    }

    /** People whose name or display name begins with {@code prefix}, folded. */
    List<User> users(String prefix) {
        String end = end(prefix);
        return database.read(
                connection -> SEARCH_USERS.list(connection, User::of, prefix, end, FOUND, prefix, end, FOUND, FOUND));
    }

    /** Open groups whose title begins with {@code prefix}, folded, and which {@code user} is not in. */
    List<Conversation> groups(String prefix, String user) {
        return database.read(connection -> SEARCH_GROUPS.list(
                connection,
                rows -> Conversation.fromOutside(
                        rows.getString("id"), rows.getString("title"), rows.getInt("member_count")),
                prefix,
                end(prefix),
                user,
                FOUND));
    }

    /** Those of {@code ids} who exist, deleted ones as what is left of them. */
    Map<String, User> named(Collection<String> ids) {
        return ids.isEmpty() ? Map.of() : database.read(connection -> named(connection, ids));
    }

    /** As {@link #named(Collection)}, on a connection. */
    static Map<String, User> named(Connection connection, Collection<String> ids) throws SQLException {
        return named(USERS, connection, ids);
    }

    private static Map<String, User> named(Sql sql, Connection connection, Collection<String> ids) throws SQLException {
        Map<String, User> users = new LinkedHashMap<>();
        sql.list(connection, User::of, ids).forEach(user -> users.put(user.id(), user));
        return users;
    }

    /** Those of {@code ids} who exist and are not deleted, nor will be before the transaction ends. */
    static Map<String, User> present(Connection connection, Collection<String> ids) throws SQLException {
        return named(HOLD_PRESENT, connection, ids);
    }

    /** All of {@code ids}, none of them deleted before the transaction ends, or {@link ErrorCode#NOT_FOUND}. */
    static Map<String, User> require(Connection connection, Collection<String> ids) throws SQLException {
        Map<String, User> users = present(connection, ids);
        for (String id : ids) {
            if (!users.containsKey(id)) {
                throw new TuttiException(ErrorCode.NOT_FOUND, "there is no user " + id);
            }
        }
        return users;
    }

    /** A text greater than all that begin with {@code prefix}: the last code point sorts last in UTF-8. */
    private static String end(String prefix) {
        return prefix + Character.toString(Character.MAX_CODE_POINT);
    }
}
