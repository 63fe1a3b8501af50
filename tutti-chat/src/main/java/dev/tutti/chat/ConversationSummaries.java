package dev.tutti.chat;

import dev.tutti.core.JsonCodec;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the summaries of many conversations in one query instead of one query for each stream. Stateless.
 *
 * <p>This, {@link SummaryStore} and {@link WordStore} read the log by its views for SQL.
 */
final class ConversationSummaries {
    /**
     * For each conversation: the seq of the last event, the last message, and the number of unread messages of others. Only the last
     * thousand events are searched; the last message is also looked up at the seq that {@link SummaryStore} keeps. Seqs have no hole, so
     * this bounds the rows that are read, whatever plan PostgreSQL chooses.
     */
    private static final Sql SUMMARIES = new Sql("""
            select wanted.id, coalesce(stream.head, 0) as head,
                   message.seq, message.data, message.key, message.at,
                   greatest(
                       unread.messages,
                       (message.seq > wanted.read_seq and not starts_with(coalesce(message.key, ''), ? || '.'))::integer
                   ) as unread
            from unnest(?::text[], ?::bigint[], ?::bigint[]) as wanted (id, joined_seq, read_seq)
            left join tutti.streams stream on stream.name = 'conversation:' || wanted.id
            left join lateral (
                (select e.seq, e.data, e.key, e.at
                 from tutti.events e
                 where e.kind = 'conversation'
                   and e.stream_id = stream.id
                   and e.seq > greatest(wanted.joined_seq, stream.head - 1000)
                   and e.type = 'message'
                 order by e.seq desc
                 limit 1)
                union all
                (select e.seq, e.data, e.key, e.at
                 from tutti.conversation_tail tail
                 join tutti.events e
                   on e.kind = 'conversation' and e.stream_id = stream.id and e.seq = tail.message_seq
                 where tail.conversation_id = wanted.id and e.seq > wanted.joined_seq)
                order by seq desc
                limit 1
            ) message on true
            cross join lateral (
                select count(*)::integer as messages from (
                    select from tutti.events e
                    where e.kind = 'conversation'
                      and e.stream_id = stream.id
                      and e.seq > greatest(wanted.read_seq, stream.head - 1000)
                      and e.type = 'message'
                      and not starts_with(coalesce(e.key, ''), ? || '.')
                    limit ?
                ) counted
            ) unread
            """);

    /** A requested conversation, and the seqs of the user's membership: when the user joined, and what the user has read. */
    record Wanted(String conversation, long joinedSeq, long readSeq) {}

    /** The summary of a conversation: the seq of its last event, its last message, and the number of unread messages. */
    record Tail(long head, @Nullable ChatMessage lastMessage, int unread) {}

    private final JsonCodec json;

    ConversationSummaries(JsonCodec json) {
        this.json = json;
    }

    /** The summaries of {@code wanted} as {@code user} sees them, by conversation. */
    Map<String, Tail> of(Connection connection, String user, List<Wanted> wanted) throws SQLException {
        Map<String, Tail> summaries = new HashMap<>();
        SUMMARIES
                .list(
                        connection,
                        rows -> Map.entry(rows.getString("id"), tail(rows)),
                        user,
                        wanted.stream().map(Wanted::conversation).toList(),
                        wanted.stream().map(Wanted::joinedSeq).toList(),
                        wanted.stream().map(Wanted::readSeq).toList(),
                        user,
                        Conversation.MOST_UNREAD)
                .forEach(entry -> summaries.put(entry.getKey(), entry.getValue()));
        return summaries;
    }

    private Tail tail(ResultSet rows) throws SQLException {
        long seq = rows.getLong("seq");
        ChatMessage message = seq == 0
                ? null
                : Messages.message(
                        new Event(
                                new StreamName("conversation:" + rows.getString("id")),
                                seq,
                                ChatStreams.MESSAGE,
                                Json.of(rows.getBytes("data")),
                                rows.getString("key"),
                                Sql.instant(rows, "at")),
                        json);
        return new Tail(rows.getLong("head"), message, rows.getInt("unread"));
    }
}
