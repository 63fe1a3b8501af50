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
 */
final class WordStore {
    /** Events that are looked at in one go. */
    private static final int EVENTS = 5_000;

    /** The bytes that these have, the last one not counted: an index is slow where a message has many words. */
    private static final int BYTES = 1 << 20;

    /**
     * Takes words from the first events that were not looked at of one of somebody's conversations: of the one that is asked for, or
     * else of that with the latest event. Events that are not kept any more are passed over. An edit or a deletion that is committed
     * meanwhile has written its words, and they stay.
     */
    private static final Sql FILL = new Sql("""
            with next as (
                select m.conversation_id, s.id, s.head, coalesce(h.seq, 0) as seq
                from tutti.member m
                join tutti.streams s on s.name = 'conversation:' || m.conversation_id
                left join tutti.message_words_head h using (conversation_id)
                where m.user_id = ? and s.head > coalesce(h.seq, 0)
                order by m.conversation_id = ?::text desc nulls last, s.at desc, m.conversation_id
                limit 1
            ), seen as (
                select e.*, sum(octet_length(e.data)) over (order by e.seq) - octet_length(e.data) as before
                from (
                    select e.seq, e.at, e.type, e.data
                    from next n
                    join tutti.events e on e.kind = 'conversation' and e.stream_id = n.id and e.seq > n.seq
                    order by e.seq
                    limit ?
                ) e
            ), taken as (
                select * from seen where before < ?
            ), filled as (
                insert into tutti.message_words (conversation_id, seq, at, words)
                select n.conversation_id, e.seq, e.at,
                       to_tsvector('simple', coalesce(c.text, tutti.message_text(e.data)))
                           || array_to_tsvector(array[' ' || n.conversation_id])
                from next n
                cross join taken e
                left join tutti.message_change c on c.conversation_id = n.conversation_id and c.seq = e.seq
                where e.type = 'message' and (c.seq is null or c.text is not null)
                order by e.seq
                on conflict do nothing
            )
            insert into tutti.message_words_head as h (conversation_id, seq)
            select n.conversation_id,
                   case when (select count(*) from taken) < ? and (select count(*) from taken) = (select count(*) from seen)
                        then n.head
                        else (select max(seq) from taken) end
            from next n
            on conflict (conversation_id) do update set seq = greatest(h.seq, excluded.seq)
            """);

    private static final Sql EDIT = new Sql("""
            insert into tutti.message_words (conversation_id, seq, at, words)
            values (?, ?, ?::timestamptz, to_tsvector('simple', ?) || array_to_tsvector(array[' ' || ?]))
            on conflict (conversation_id, seq) do update set words = excluded.words
            """);

    /** A row without words is never found, and keeps away those of a {@link #FILL} that has not seen the deletion. */
    private static final Sql DELETE = new Sql("""
            insert into tutti.message_words (conversation_id, seq, at, words)
            values (?, ?, ?::timestamptz, '')
            on conflict (conversation_id, seq) do update set words = excluded.words
            """);

    /** Words of events that the log does not keep any more. */
    private static final Sql PRUNE = new Sql("""
            delete from tutti.message_words
            where ctid = any (array(
                select ctid from tutti.message_words
                where at < (select tutti.kept_since('conversation'))
                limit 1000))
            """);

    /**
     * Where the words are, newest first, in conversations that somebody is in. The last word may be a beginning, of three letters
     * and more, unless it is in quotes or is one that shall not be there.
     */
    private static final Sql FIND = new Sql("""
            with mine as (
                select conversation_id, joined_seq from tutti.member
                where user_id = ? and (?::text is null or conversation_id = ?::text)
            ), asked as (
                select case when words::text ~ '(^|[&|] )''([^'']|''''){3,}''$' and not quoted
                            then (words::text || ':*')::tsquery else words end
                       && (select string_agg(quote_literal(' ' || conversation_id), '|') from mine)::tsquery as words
                from websearch_to_tsquery('simple', ?) as words, starts_with(reverse(rtrim(?::text)), '"') as quoted
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

    /**
     * Takes words from some events of one of {@code user}'s conversations, of {@code first} if that is not null; false if there are none
     * to look at.
     */
    boolean fill(Connection connection, String user, @Nullable String first) throws SQLException {
        return FILL.update(connection, user, first, EVENTS, BYTES, EVENTS) > 0;
    }

    /** Forgets some words of messages that are not kept any more. */
    void prune(Connection connection) throws SQLException {
        PRUNE.update(connection);
    }

    /** The message has another text. */
    void edit(Connection connection, Place message, Instant at, String text) throws SQLException {
        EDIT.update(connection, message.conversation(), message.seq(), at.toString(), text, message.conversation());
    }

    /** The message was deleted. */
    void delete(Connection connection, Place message, Instant at) throws SQLException {
        DELETE.update(connection, message.conversation(), message.seq(), at.toString());
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
