package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/** Conversations, in {@code tutti.conversation}. Stateless. */
final class ConversationStore {
    private static final Sql ADD_GROUP = new Sql("""
            insert into tutti.conversation (id, kind, title, search_title, open, created_by)
            values (?, 'group', ?, ?, ?, ?)
            """);

    private static final Sql ADD_DIRECT = new Sql("""
            insert into tutti.conversation (id, kind, pair) values (?, 'direct', ?) on conflict (pair) do nothing
            """);

    private static final Sql BY_PAIR = new Sql("select id from tutti.conversation where pair = ?");

    /** Not "for update", which would hold up everything that refers to the row. */
    private static final Sql LOCK = new Sql("""
            select kind, open, member_count from tutti.conversation where id = ? for no key update
            """);

    private static final Sql RENAME = new Sql("update tutti.conversation set title = ?, search_title = ? where id = ?");

    /** The facts that decide who may do what with a conversation. */
    record Rules(boolean group, boolean open, int memberCount) {}

    void addGroup(Connection connection, String id, String title, String searchTitle, boolean open, String by)
            throws SQLException {
        ADD_GROUP.update(connection, id, title, searchTitle, open, by);
    }

    /** Adds the conversation of two people; false if they have one. */
    boolean addDirect(Connection connection, String id, String pair) throws SQLException {
        return ADD_DIRECT.update(connection, id, pair) == 1;
    }

    Optional<String> ofPair(Connection connection, String pair) throws SQLException {
        return BY_PAIR.first(connection, rows -> rows.getString(1), pair);
    }

    void rename(Connection connection, String id, String title, String searchTitle) throws SQLException {
        RENAME.update(connection, title, searchTitle, id);
    }

    /** The rules, while nobody else changes who is in it. */
    Optional<Rules> lock(Connection connection, String id) throws SQLException {
        return LOCK.first(
                connection,
                rows -> new Rules(
                        Conversation.GROUP.equals(rows.getString("kind")),
                        rows.getBoolean("open"),
                        rows.getInt("member_count")),
                id);
    }
}
