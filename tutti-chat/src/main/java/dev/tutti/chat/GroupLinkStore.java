package dev.tutti.chat;

import dev.tutti.account.OneTimeToken;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Links into groups, in {@code tutti.group_link}, and whom they do not let in, in {@code tutti.group_removal}. Stateless. */
final class GroupLinkStore {
    /** Those of the group that have run out are forgotten whenever one is made. */
    private static final Sql ADD = new Sql("""
            with gone as (
                delete from tutti.group_link where conversation_id = ? and (expires_at <= now() or uses_left = 0)
            )
            insert into tutti.group_link (id, conversation_id, token_hash, uses_left, created_by, expires_at)
            select ?, ?, ?, ?, ?, now() + ? * interval '1 second'
            where (select count(*) from tutti.group_link
                   where conversation_id = ? and expires_at > now() and uses_left > 0) < ?
            returning *
            """);

    private static final Sql LIST = new Sql("""
            select * from tutti.group_link where conversation_id = ? and expires_at > now() and uses_left > 0
            order by created_at desc, id
            """);

    private static final Sql REMOVE = new Sql("delete from tutti.group_link where conversation_id = ? and id = ?");

    /** A member of the group is told that they are one even when the link is used up, perhaps by their own coming. */
    private static final Sql LOOK = new Sql("""
            select c.id, c.title, c.member_count, m.user_id is not null as member
            from tutti.group_link l
            join tutti.conversation c on c.id = l.conversation_id
            left join tutti.member m on m.conversation_id = c.id and m.user_id = ?
            where l.token_hash = ? and l.expires_at > now() and c.member_count > 0
              and (m.user_id is not null
                   or (l.uses_left > 0
                       and not exists (select from tutti.group_removal r
                                       where r.conversation_id = c.id and r.user_id = ? and r.at >= l.created_at)))
            """);

    private static final Sql USE = new Sql("""
            update tutti.group_link l set uses_left = uses_left - 1
            where token_hash = ? and expires_at > now() and uses_left > 0
              and not exists (select from tutti.group_removal r
                              where r.conversation_id = l.conversation_id and r.user_id = ? and r.at >= l.created_at)
            """);

    private static final Sql REMOVED = new Sql("""
            insert into tutti.group_removal (conversation_id, user_id, at) values (?, ?, clock_timestamp())
            on conflict (conversation_id, user_id) do update set at = excluded.at
            """);

    /** A link without its token. */
    record GroupLink(String id, int usesLeft, String createdBy, Instant createdAt, Instant expiresAt) {}

    /**
     * The part of a group that its link shows.
     *
     * @param conversation which one, for those who are in it
     */
    record Preview(String title, int memberCount, @Nullable String conversation) {}

    /** The group to which a link leads. */
    record LinkTarget(String conversation, String title, int memberCount, boolean member) {
        Preview preview() {
            return new Preview(title, memberCount, member ? conversation : null);
        }
    }

    /** A link that is to be. */
    record NewLink(String id, OneTimeToken token, int uses, Duration ttl) {}

    /** Adds one, unless there are {@code most} that are good. */
    Optional<GroupLink> add(Connection connection, String conversation, String by, NewLink link, int most)
            throws SQLException {
        return ADD.first(
                connection,
                GroupLinkStore::link,
                conversation,
                link.id(),
                conversation,
                link.token().hash(),
                link.uses(),
                by,
                (double) link.ttl().toSeconds(),
                conversation,
                most);
    }

    /** Those that are good, the newest first. */
    List<GroupLink> of(Connection connection, String conversation) throws SQLException {
        return LIST.list(connection, GroupLinkStore::link, conversation);
    }

    /** Removes one; false if there is none. */
    boolean remove(Connection connection, String conversation, String id) throws SQLException {
        return REMOVE.update(connection, conversation, id) == 1;
    }

    /** Where a link leads {@code user}, if it leads them anywhere. */
    Optional<LinkTarget> look(Connection connection, byte[] hash, String user) throws SQLException {
        return LOOK.first(
                connection,
                rows -> new LinkTarget(
                        rows.getString("id"),
                        rows.getString("title"),
                        rows.getInt("member_count"),
                        rows.getBoolean("member")),
                user,
                hash,
                user);
    }

    /** Uses a link once for {@code user}; false if it is not good for them. */
    boolean use(Connection connection, byte[] hash, String user) throws SQLException {
        return USE.update(connection, hash, user) == 1;
    }

    /** An owner has taken {@code user} out, now. */
    void removed(Connection connection, String conversation, String user) throws SQLException {
        REMOVED.update(connection, conversation, user);
    }

    private static GroupLink link(ResultSet rows) throws SQLException {
        return new GroupLink(
                rows.getString("id"),
                rows.getInt("uses_left"),
                rows.getString("created_by"),
                Sql.instant(rows, "created_at"),
                Sql.instant(rows, "expires_at"));
    }
}
