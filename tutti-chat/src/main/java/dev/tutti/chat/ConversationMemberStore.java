package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Appended;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The members of conversations, in {@code tutti.member}. Stateless. */
final class ConversationMemberStore {
    /** Whether the other one of a direct conversation takes no messages: they block this one, or their account is deleted. */
    private static final String CLOSED = """
            exists (select from tutti.conversation c
                    join tutti.member o on o.conversation_id = c.id and o.user_id <> m.user_id
                    join tutti.user u on u.id = o.user_id
                    where c.id = m.conversation_id and c.kind = 'direct'
                      and (u.deleted_at is not null
                           or exists (select from tutti.user_block b
                                      where b.user_id = o.user_id and b.blocked_id = m.user_id))) as closed
            """;

    private static final Sql FIND = new Sql("""
            select m.owner, m.joined_seq, m.read_seq,
                   exists (select from tutti.invitation i
                           where i.conversation_id = m.conversation_id and not i.told) as untold,
            """ + CLOSED + """
            from tutti.member m where m.conversation_id = ? and m.user_id = ?
            """);

    private static final Sql HOLD = new Sql("""
            select m.owner, m.joined_seq, m.read_seq, false as untold,
            """ + CLOSED + """
            from tutti.member m where m.conversation_id = ? and m.user_id = ? for share of m
            """);

    private static final Sql ADD = new Sql("""
            insert into tutti.member (conversation_id, user_id, owner, joined_seq, read_seq, agreed)
            select ?, user_id, ?, ?, ?, user_id <> all (?::text[]) from unnest(?::text[]) as joining (user_id)
            on conflict do nothing
            returning user_id
            """);

    private static final Sql REMOVE = new Sql("""
            delete from tutti.member where conversation_id = ? and user_id = ?
            """);

    private static final Sql COUNT = new Sql("""
            update tutti.conversation set member_count = member_count + ? where id = ?
            """);

    /** The one who has been in it for longest, if nobody owns it. */
    private static final Sql INHERIT = new Sql("""
            update tutti.member set owner = true
            where conversation_id = ?
              and user_id = (select user_id from tutti.member where conversation_id = ? and not owner
                             order by joined_at, user_id limit 1)
              and not exists (select from tutti.member where conversation_id = ? and owner)
            returning user_id
            """);

    private static final Sql READ = new Sql("""
            update tutti.member m set read_seq = ?, agreed = true
            from tutti.conversation c
            where m.conversation_id = ? and m.user_id = ? and m.read_seq < ? and c.id = m.conversation_id
            returning c.member_count
            """);

    private static final Sql FEW = new Sql("""
            select user_id from tutti.member where conversation_id = ? order by user_id limit ?
            """);

    private static final Sql TOLD = new Sql("""
            update tutti.member m set told_seq = told.seq
            from unnest(?::text[], ?::bigint[]) as told (user_id, seq)
            where m.conversation_id = ? and m.user_id = told.user_id
            """);

    private static final Sql OF_USER = new Sql("""
            select conversation_id, joined_seq, told_seq from tutti.member where user_id = ?
            """);

    private static final Sql AMONG = new Sql("""
            select conversation_id, joined_seq, told_seq from tutti.member where user_id = ? and conversation_id = any (?)
            """);

    private static final Sql FULL = new Sql("""
            select user_id from unnest(?::text[]) as joining (user_id)
            where ? <= (select count(*) from (select from tutti.member m where m.user_id = joining.user_id limit ?) n)
            """);

    private static final Sql FULL_OF_STRANGERS = new Sql("""
            select user_id from unnest(?::text[]) as joining (user_id)
            where ? <= (select count(*) from (
                select from tutti.member m where m.user_id = joining.user_id and not m.agreed limit ?
            ) n)
            """);

    /**
     * One person in one conversation.
     *
     * @param owner whether they may take others out
     * @param joinedSeq what is behind it is what they may see
     * @param readSeq up to where they have read
     * @param untold whether the other one of a direct conversation does not know of it yet
     * @param closed whether the other one of a direct conversation takes no messages
     */
    record ConversationMember(boolean owner, long joinedSeq, long readSeq, boolean untold, boolean closed) {
        /** Somebody who comes in. */
        static ConversationMember joining(boolean owner, long joinedSeq, long readSeq) {
            return new ConversationMember(owner, joinedSeq, readSeq, false, false);
        }
    }

    /**
     * A conversation that somebody is in.
     *
     * @param joinedSeq what is behind it is what they may see
     * @param toldSeq the event of their inbox that says so; 0 if it is not known any more
     */
    record MemberConversation(String id, long joinedSeq, long toldSeq) {
        private static MemberConversation of(ResultSet rows) throws SQLException {
            return new MemberConversation(
                    rows.getString("conversation_id"), rows.getLong("joined_seq"), rows.getLong("told_seq"));
        }
    }

    Optional<ConversationMember> find(Connection connection, String conversation, String user) throws SQLException {
        return find(FIND, connection, conversation, user);
    }

    /** As {@link #find}; they stay in it until the transaction ends. */
    Optional<ConversationMember> hold(Connection connection, String conversation, String user) throws SQLException {
        return find(HOLD, connection, conversation, user);
    }

    private static Optional<ConversationMember> find(Sql sql, Connection connection, String conversation, String user)
            throws SQLException {
        return sql.first(
                connection,
                rows -> new ConversationMember(
                        rows.getBoolean("owner"),
                        rows.getLong("joined_seq"),
                        rows.getLong("read_seq"),
                        rows.getBoolean("untold"),
                        rows.getBoolean("closed")),
                conversation,
                user);
    }

    /** Adds people; those who were not in it. */
    List<String> add(Connection connection, String conversation, Collection<String> users, ConversationMember as)
            throws SQLException {
        return add(connection, conversation, users, List.of(), as);
    }

    /** The same, with those among them who were not asked. */
    List<String> add(
            Connection connection,
            String conversation,
            Collection<String> users,
            Collection<String> unasked,
            ConversationMember as)
            throws SQLException {
        List<String> added = ADD.list(
                connection,
                rows -> rows.getString(1),
                conversation,
                as.owner(),
                as.joinedSeq(),
                as.readSeq(),
                unasked,
                users);
        COUNT.update(connection, added.size(), conversation);
        return added;
    }

    /** Notes by which {@code events} of their inboxes {@code users} were told, in their order, that they are in it. */
    void told(Connection connection, String conversation, List<String> users, List<Appended> events)
            throws SQLException {
        TOLD.update(connection, users, events.stream().map(Appended::seq).toList(), conversation);
    }

    /** Takes somebody out. */
    void remove(Connection connection, String conversation, String user) throws SQLException {
        COUNT.update(connection, -REMOVE.update(connection, conversation, user), conversation);
    }

    /** Makes the oldest member the owner if there is none, and says who that is. */
    Optional<String> inherit(Connection connection, String conversation) throws SQLException {
        return INHERIT.first(connection, rows -> rows.getString(1), conversation, conversation, conversation);
    }

    /** Notes how far somebody has read; the number of members if that is further than before. */
    Optional<Integer> read(Connection connection, String conversation, String user, long seq) throws SQLException {
        return READ.first(connection, rows -> rows.getInt(1), seq, conversation, user, seq);
    }

    /** The members, at most {@code limit}. */
    List<String> few(Connection connection, String conversation, int limit) throws SQLException {
        return FEW.list(connection, rows -> rows.getString(1), conversation, limit);
    }

    /** The conversations that {@code user} is in. */
    List<MemberConversation> of(Connection connection, String user) throws SQLException {
        return OF_USER.list(connection, MemberConversation::of, user);
    }

    /** Those of {@code users} who are in {@code most} or more without having agreed. */
    List<String> fullOfStrangers(Connection connection, Collection<String> users, int most) throws SQLException {
        return FULL_OF_STRANGERS.list(connection, rows -> rows.getString(1), users, most, most);
    }

    /** Those of {@code conversations} that somebody is in. */
    List<MemberConversation> of(Connection connection, String user, Collection<String> conversations)
            throws SQLException {
        return AMONG.list(connection, MemberConversation::of, user, conversations);
    }

    /** Those of {@code users} who are in {@code most} conversations or more already. */
    List<String> full(Connection connection, Collection<String> users, int most) throws SQLException {
        return FULL.list(connection, rows -> rows.getString(1), users, most, most);
    }
}
