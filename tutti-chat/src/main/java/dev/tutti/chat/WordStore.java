package dev.tutti.chat;

import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The words of messages, in {@code tutti.message_words}. Words are as they stand, in lower case: people write in many languages.
 * Stateless.
 *
 * <p>Like {@link ConversationSummaries} this looks into the streams' own tables.
 */
final class WordStore {
    /** Events of one conversation that are looked at in one go. */
    private static final int EVENTS_OF_ONE = 5_000;

    /** Events that are looked at in one go: this many, and those of one conversation more. */
    private static final int EVENTS = 5_000;

    /**
     * Takes words from events of somebody's conversations that were not looked at, those with the latest event first. Rows are
     * written in the order of their keys, so that two who do this wait for each other, but not both. An edit that is committed
     * meanwhile has written its words, and they stay.
     */
    private static final Sql FILL = new Sql("""
            with behind as (
                select m.conversation_id, s.id, coalesce(h.seq, 0) as seq, s.head,
                       sum(s.head - coalesce(h.seq, 0)) over (order by s.at desc, m.conversation_id) - (s.head - coalesce(h.seq, 0)) as before
                from tutti.member m
                join tutti.stream s on s.name = 'conversation:' || m.conversation_id
                left join tutti.message_words_head h using (conversation_id)
                where m.user_id = ? and s.head > coalesce(h.seq, 0)
            ), looked as (
                select conversation_id, id, seq, least(head, seq + ?) as upto
                from behind
                where before < ?
            ), filled as (
                insert into tutti.message_words (conversation_id, seq, at, words)
                select l.conversation_id, e.seq, e.at,
                       to_tsvector('simple', coalesce(c.text, convert_from(e.data, 'UTF8')::jsonb ->> 'text'))
                           || array_to_tsvector(array[' ' || l.conversation_id])
                from looked l
                join tutti.event e
                  on e.kind = 'conversation' and e.stream_id = l.id and e.seq > l.seq and e.seq <= l.upto and e.type = 'message'
                left join tutti.message_change c on c.conversation_id = l.conversation_id and c.seq = e.seq
                where c.seq is null or c.text is not null
                order by l.conversation_id, e.seq
                on conflict do nothing
            )
            insert into tutti.message_words_head as h (conversation_id, seq)
            select conversation_id, upto from looked order by conversation_id
            on conflict (conversation_id) do update set seq = greatest(h.seq, excluded.seq)
            """);

    private static final Sql IS_BEHIND = new Sql("""
            select 1
            from tutti.member m
            join tutti.stream s on s.name = 'conversation:' || m.conversation_id
            left join tutti.message_words_head h using (conversation_id)
            where m.user_id = ? and s.head > coalesce(h.seq, 0)
            limit 1
            """);

    private static final Sql EDIT = new Sql("""
            insert into tutti.message_words (conversation_id, seq, at, words)
            values (?, ?, ?::timestamptz, to_tsvector('simple', ?) || array_to_tsvector(array[' ' || ?]))
            on conflict (conversation_id, seq) do update set words = excluded.words
            """);

    private static final Sql DELETE = new Sql("delete from tutti.message_words where conversation_id = ? and seq = ?");

    /** Words of events that the log does not keep any more. */
    private static final Sql PRUNE = new Sql("""
            delete from tutti.message_words
            where ctid = any (array(
                select ctid from tutti.message_words
                where at < (select min(lower) from tutti.partition where kind = 'conversation')
                limit 1000))
            """);

    /**
     * Where the words are, newest first, in conversations that somebody is in. The last word may be a beginning.
     */
    private static final Sql FIND = new Sql("""
            with mine as (
                select conversation_id, joined_seq from tutti.member
                where user_id = ? and (?::text is null or conversation_id = ?::text)
            ), asked as (
                select case when words::text like '%''' then (words::text || ':*')::tsquery else words end
                       && (select string_agg(quote_literal(' ' || conversation_id), '|') from mine)::tsquery as words
                from websearch_to_tsquery('simple', ?) as words
                where numnode(words) > 0
            )
            select w.conversation_id, w.seq, w.at
            from asked
            join tutti.message_words w on w.words @@ asked.words
            join mine m on m.conversation_id = w.conversation_id and w.seq > m.joined_seq
            where ?::timestamptz is null or (w.at, w.conversation_id, w.seq) < (?::timestamptz, ?, ?)
            order by w.at desc, w.conversation_id desc, w.seq desc
            limit ?
            """);

    /** A message that has the words. */
    record Hit(String conversation, long seq, Instant at) {}

    /** Takes words from some events of {@code user}'s conversations; false if there are more to look at. */
    boolean fill(Connection connection, String user) throws SQLException {
        PRUNE.update(connection);
        FILL.update(connection, user, EVENTS_OF_ONE, EVENTS);
        return IS_BEHIND.first(connection, _ -> true, user).isEmpty();
    }

    /** The message has another text. */
    void edit(Connection connection, Place message, Instant at, String text) throws SQLException {
        EDIT.update(connection, message.conversation(), message.seq(), at.toString(), text, message.conversation());
    }

    /** The message was deleted. */
    void delete(Connection connection, Place message) throws SQLException {
        DELETE.update(connection, message.conversation(), message.seq());
    }

    /** At most {@code limit} messages, behind {@code after} in the order in which they are found. */
    List<Hit> find(
            Connection connection,
            String user,
            @Nullable String conversation,
            String words,
            @Nullable Hit after,
            int limit)
            throws SQLException {
        String at = after == null ? null : after.at().toString();
        return FIND.list(
                connection,
                WordStore::hit,
                user,
                conversation,
                conversation,
                words,
                at,
                at,
                after == null ? null : after.conversation(),
                after == null ? 0 : after.seq(),
                limit);
    }

    private static Hit hit(ResultSet rows) throws SQLException {
        return new Hit(rows.getString("conversation_id"), rows.getLong("seq"), Sql.instant(rows, "at"));
    }
}
