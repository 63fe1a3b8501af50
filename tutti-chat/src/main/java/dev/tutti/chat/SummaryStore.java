package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * Where the last message of a conversation is when other events have followed it, in {@code tutti.conversation_tail}: with
 * the first event that is no message the one before it is noted, if that is one. So the last message is either the last event
 * or noted here, however many edits and receipts are behind it. Stateless.
 */
final class SummaryStore {
    private static final Sql FOLLOW = new Sql("""
            insert into tutti.conversation_tail as t (conversation_id, message_seq)
            select ?, e.seq
            from tutti.streams s
            join tutti.events e on e.kind = 'conversation' and e.stream_id = s.id and e.seq = ?
            where s.name = 'conversation:' || ? and e.type = 'message'
            on conflict (conversation_id) do update set message_seq = greatest(t.message_seq, excluded.message_seq)
            """);

    private static final Sql LAST =
            new Sql("select message_seq from tutti.conversation_tail where conversation_id = ?");

    /** The last message that another event has followed; 0 if none is noted. */
    long last(Connection connection, String conversation) throws SQLException {
        return LAST.first(connection, rows -> rows.getLong(1), conversation).orElse(0L);
    }

    /** Notes what is before the event at {@code seq}, which is no message and was told in this transaction. */
    void follow(Connection connection, String conversation, long seq) throws SQLException {
        FOLLOW.update(connection, conversation, seq - 1, conversation);
    }
}
