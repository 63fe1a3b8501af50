package dev.tutti.chat;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The edits and deletions of messages after they were sent, in {@code tutti.message_change}. Stateless. */
final class ChangeStore {
    /** Takes the message's row for this transaction, unless the message is deleted. */
    private static final Sql CHANGE = new Sql("""
            insert into tutti.message_change as c (conversation_id, seq, changed_seq, changed_at, text)
            values (?, ?, 0, now(), ?)
            on conflict (conversation_id, seq) do update set text = excluded.text where c.text is not null
            """);

    private static final Sql CHANGED = new Sql("""
            update tutti.message_change set changed_seq = ?, changed_at = ?::timestamptz
            where conversation_id = ? and seq = ?
            """);

    private static final Sql DELETION = new Sql("""
            select changed_seq from tutti.message_change where conversation_id = ? and seq = ? and text is null
            """);

    private static final Sql OF_CONVERSATION = new Sql("""
            select conversation_id, seq, changed_at, text from tutti.message_change
            where conversation_id = ? and seq = any (?)
            """);

    private static final Sql OF_MANY = new Sql("""
            select c.conversation_id, c.seq, c.changed_at, c.text
            from unnest(?::text[], ?::bigint[]) as wanted (conversation_id, seq)
            join tutti.message_change c using (conversation_id, seq)
            """);

    /** Of messages that the log does not keep any more: they are older than what became of them. Rows that others hold wait for the next time. */
    private static final Sql PRUNE = new Sql("""
            delete from tutti.message_change
            where ctid = any (array(
                select ctid from tutti.message_change
                where changed_at < (select tutti.kept_since('conversation'))
                order by changed_at
                limit 1000
                for update skip locked))
            """);

    /** Which message. */
    record Place(String conversation, long seq) {}

    /** The change of a message: its new text, or none when it was deleted. */
    record Change(Instant at, @Nullable String text) {
        ChatMessage applyTo(ChatMessage message) {
            return new ChatMessage(
                    message.seq(),
                    message.id(),
                    message.sender(),
                    text == null ? "" : text,
                    message.at(),
                    text == null ? message.editedAt() : at,
                    text == null,
                    text == null ? List.of() : message.attachments(),
                    text == null ? List.of() : message.reactions(),
                    text == null ? null : message.replyTo());
        }
    }

    /** Notes the message's text, null to delete it; false if it is deleted already. */
    boolean change(Connection connection, Place message, @Nullable String text) throws SQLException {
        return CHANGE.update(connection, message.conversation(), message.seq(), text) == 1;
    }

    /** Forgets what became of some messages that are not kept any more, a thousand at most. */
    void prune(Connection connection) throws SQLException {
        PRUNE.update(connection);
    }

    /** Notes the event that tells of the change just made. */
    void changed(Connection connection, Place message, long eventSeq, Instant at) throws SQLException {
        CHANGED.update(connection, eventSeq, at.toString(), message.conversation(), message.seq());
    }

    /** The seq of the event that told of the message's deletion. */
    Optional<Long> deletion(Connection connection, Place message) throws SQLException {
        return DELETION.first(connection, rows -> rows.getLong(1), message.conversation(), message.seq());
    }

    /** The changes of those of the conversation's messages that were changed, by seq. */
    Map<Long, Change> of(Connection connection, String conversation, Collection<Long> seqs) throws SQLException {
        Map<Long, Change> changes = new HashMap<>();
        OF_CONVERSATION
                .list(connection, ChangeStore::entry, conversation, seqs)
                .forEach(entry -> changes.put(entry.getKey().seq(), entry.getValue()));
        return changes;
    }

    /** The changes of those of the messages that were changed. */
    Map<Place, Change> of(Connection connection, List<Place> messages) throws SQLException {
        Map<Place, Change> changes = new HashMap<>();
        OF_MANY.list(
                        connection,
                        ChangeStore::entry,
                        messages.stream().map(Place::conversation).toList(),
                        messages.stream().map(Place::seq).toList())
                .forEach(entry -> changes.put(entry.getKey(), entry.getValue()));
        return changes;
    }

    private static Map.Entry<Place, Change> entry(ResultSet rows) throws SQLException {
        return Map.entry(
                new Place(rows.getString("conversation_id"), rows.getLong("seq")),
                new Change(Sql.instant(rows, "changed_at"), rows.getString("text")));
    }
}
