package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Invitations to direct conversations, in {@code tutti.invitation}. Their {@code created_at} is when the invited was told; until then it
 * is when the invitation was made. Stateless.
 */
final class InvitationStore {
    private static final Sql ADD = new Sql("""
            insert into tutti.invitation (conversation_id, founder, invited) values (?, ?, ?)
            """);

    private static final Sql FIND = new Sql("""
            select founder, invited from tutti.invitation where conversation_id = ? for no key update
            """);

    private static final Sql REMOVE = new Sql("delete from tutti.invitation where conversation_id = ?");

    private static final Sql OPEN_BY_FOUNDER = new Sql("""
            select count(*) from (
                select from tutti.invitation where founder = ? and declined_at is null limit ?
            ) open
            """);

    private static final Sql TELL = new Sql("""
            update tutti.invitation set told = true, created_at = now()
            where conversation_id = ? and not told and declined_at is null
            returning founder, invited
            """);

    private static final Sql DECLINE = new Sql("""
            update tutti.invitation set declined_at = now()
            where conversation_id = ? and invited = ? and declined_at is null
            """);

    private static final Sql DECLINE_BLOCKED = new Sql("""
            update tutti.invitation i set told = true, declined_at = now()
            where conversation_id = ? and not told and declined_at is null
              and exists (select from tutti.user_block b where b.user_id = i.invited and b.blocked_id = i.founder)
            """);

    private static final Sql BLOCKING = new Sql("""
            select user_id from tutti.user_block where blocked_id = ? and user_id = any (?)
            """);

    /** Those of which the invited was told longest ago, if there are too many. */
    private static final Sql DECLINE_OLDEST = new Sql("""
            update tutti.invitation set declined_at = now()
            where conversation_id in (
                select conversation_id from tutti.invitation
                where invited = ? and declined_at is null and told
                order by created_at desc offset ?
            )
            """);

    private static final Sql REPEAT = new Sql("""
            update tutti.invitation set declined_at = null, told = false, created_at = now()
            where conversation_id = ? and founder = ? and declined_at < now() - ? * interval '1 second'
            """);

    /** Those of some people with whom somebody has no direct conversation that both are in. */
    private static final Sql STRANGERS = new Sql("""
            select wanted.id from unnest(?::text[]) as wanted (id)
            where not exists (
                select from tutti.conversation c
                join tutti.member one on one.conversation_id = c.id and one.user_id = wanted.id
                join tutti.member other on other.conversation_id = c.id and other.user_id = ?
                where c.pair = case when wanted.id < ? collate "C" then wanted.id || ',' || ? else ? || ',' || wanted.id end
            )
            """);

    /** The founder of a conversation, and the person invited. */
    record Invitation(String founder, String invited) {}

    void add(Connection connection, String conversation, Invitation invitation) throws SQLException {
        ADD.update(connection, conversation, invitation.founder(), invitation.invited());
    }

    /** The invitation to a conversation, answered with no or not at all; nobody else answers it meanwhile. */
    Optional<Invitation> find(Connection connection, String conversation) throws SQLException {
        return FIND.first(connection, InvitationStore::invitation, conversation);
    }

    void remove(Connection connection, String conversation) throws SQLException {
        REMOVE.update(connection, conversation);
    }

    /** How many of a founder's are open, counted up to {@code most}. */
    int openOf(Connection connection, String founder, int most) throws SQLException {
        return OPEN_BY_FOUNDER
                .first(connection, rows -> rows.getInt(1), founder, most)
                .orElse(0);
    }

    /** Notes that the invited was told; empty if that was before, or is not to be. */
    Optional<Invitation> tell(Connection connection, String conversation) throws SQLException {
        return TELL.first(connection, InvitationStore::invitation, conversation);
    }

    /** Notes a no; false if there is nothing to say no to. */
    boolean decline(Connection connection, String conversation, String invited) throws SQLException {
        return DECLINE.update(connection, conversation, invited) == 1;
    }

    /** Notes a no for somebody who blocks the founder, and is not told; false if they do not, or were told. */
    boolean declineBlocked(Connection connection, String conversation) throws SQLException {
        return DECLINE_BLOCKED.update(connection, conversation) == 1;
    }

    /** Those of {@code users} who block {@code user}. */
    List<String> blocking(Connection connection, List<String> users, String user) throws SQLException {
        return BLOCKING.list(connection, rows -> rows.getString(1), user, users);
    }

    /** Lets {@code invited} have no more than {@code most}. */
    void declineOldest(Connection connection, String invited, int most) throws SQLException {
        DECLINE_OLDEST.update(connection, invited, most);
    }

    /** Opens an invitation again, which was declined longer ago than {@code pause}. */
    void repeat(Connection connection, String conversation, String founder, Duration pause) throws SQLException {
        REPEAT.update(connection, conversation, founder, (double) pause.toSeconds());
    }

    /** Those of {@code users} with whom {@code user} does not talk. */
    List<String> strangers(Connection connection, List<String> users, String user) throws SQLException {
        return STRANGERS.list(connection, rows -> rows.getString(1), users, user, user, user, user);
    }

    private static Invitation invitation(ResultSet rows) throws SQLException {
        return new Invitation(rows.getString("founder"), rows.getString("invited"));
    }
}
