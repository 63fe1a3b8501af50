package dev.tutti.chat;

import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** People's reactions to messages, in {@code tutti.reacted_message} and {@code tutti.reaction}. Stateless. */
final class ReactionStore {
    private static final Sql HOLD_OR_MAKE = new Sql("""
            insert into tutti.reacted_message as r (conversation_id, seq, at) values (?, ?, ?::timestamptz)
            on conflict (conversation_id, seq) do update set at = excluded.at
            returning r.emoji, r.counts, r.deleted
            """);

    private static final Sql HOLD = new Sql("""
            select emoji, counts, deleted from tutti.reacted_message where conversation_id = ? and seq = ? for update
            """);

    private static final Sql ADD = new Sql("""
            insert into tutti.reaction (conversation_id, seq, user_id, emoji) values (?, ?, ?, ?) on conflict do nothing
            """);

    private static final Sql REMOVE = new Sql("""
            delete from tutti.reaction where conversation_id = ? and seq = ? and user_id = ? and emoji = ?
            """);

    private static final Sql COUNT = new Sql("""
            update tutti.reacted_message set emoji = ?, counts = ? where conversation_id = ? and seq = ?
            """);

    private static final Sql NONE = new Sql("""
            delete from tutti.reacted_message where conversation_id = ? and seq = ?
            """);

    /** The row stays, and refuses those who have not seen the deletion. */
    private static final Sql CLOSE = new Sql("""
            insert into tutti.reacted_message (conversation_id, seq, at, deleted) values (?, ?, ?::timestamptz, true)
            on conflict (conversation_id, seq) do update set emoji = '{}', counts = '{}', deleted = true
            """);

    private static final Sql REMOVE_ALL = new Sql("""
            delete from tutti.reaction where conversation_id = ? and seq = ?
            """);

    /** Of the oldest messages that the log does not keep any more. Rows that others hold wait for the next time. */
    private static final Sql PRUNE = new Sql("""
            delete from tutti.reaction where ctid = any (array(
                select r.ctid
                from (
                    select conversation_id, seq from tutti.reacted_message
                    where at < (select tutti.kept_since('conversation'))
                    order by at
                    limit 10
                ) ended
                join tutti.reaction r using (conversation_id, seq)
                limit 1000
                for update of r skip locked))
            """);

    private static final Sql PRUNE_EMPTY = new Sql("""
            delete from tutti.reacted_message where (conversation_id, seq) in (
                select m.conversation_id, m.seq from tutti.reacted_message m
                where m.at < (select tutti.kept_since('conversation'))
                  and not exists (
                      select from tutti.reaction r where r.conversation_id = m.conversation_id and r.seq = m.seq)
                order by m.at limit 10
                for update skip locked)
            """);

    private static final Sql OF_MANY = new Sql("""
            select r.conversation_id, r.seq, r.emoji, r.counts,
                   array(select o.emoji from tutti.reaction o
                         where o.conversation_id = r.conversation_id and o.seq = r.seq and o.user_id = ?) as own
            from unnest(?::text[], ?::bigint[]) as wanted (conversation_id, seq)
            join tutti.reacted_message r using (conversation_id, seq)
            """);

    /** A message's reactions, locked. */
    record Held(Map<String, Long> counts, boolean deleted) {}

    /** Locks the reactions of a message that was sent at {@code at}, also if there are none yet. */
    Held holdOrMake(Connection connection, Place message, Instant at) throws SQLException {
        return HOLD_OR_MAKE
                .first(connection, ReactionStore::held, message.conversation(), message.seq(), at.toString())
                .orElseThrow(() -> new IllegalStateException("an insert has returned nothing"));
    }

    /** Locks the reactions of a message, if there are any. */
    Optional<Held> hold(Connection connection, Place message) throws SQLException {
        return HOLD.first(connection, ReactionStore::held, message.conversation(), message.seq());
    }

    /** Notes one of somebody's to a message that is held; false if it was there. */
    boolean add(Connection connection, Place message, String user, String emoji) throws SQLException {
        return ADD.update(connection, message.conversation(), message.seq(), user, emoji) == 1;
    }

    /** Takes one of somebody's from a message that is held; false if it was not there. */
    boolean remove(Connection connection, Place message, String user, String emoji) throws SQLException {
        return REMOVE.update(connection, message.conversation(), message.seq(), user, emoji) == 1;
    }

    /** Notes how often each emoji is there now. */
    void count(Connection connection, Place message, Map<String, Long> counts) throws SQLException {
        if (counts.isEmpty()) {
            NONE.update(connection, message.conversation(), message.seq());
        } else {
            COUNT.update(connection, counts.keySet(), counts.values(), message.conversation(), message.seq());
        }
    }

    /** The message was deleted: nothing is left of its reactions, and none comes. */
    void delete(Connection connection, Place message, Instant at) throws SQLException {
        CLOSE.update(connection, message.conversation(), message.seq(), at.toString());
        REMOVE_ALL.update(connection, message.conversation(), message.seq());
    }

    /** Forgets some reactions to messages that are not kept any more, a thousand at most. */
    void prune(Connection connection) throws SQLException {
        PRUNE.update(connection);
        PRUNE_EMPTY.update(connection);
    }

    /** The reactions to those of the messages that have any, as {@code user} sees them, in the order in which they came. */
    Map<Place, List<Reaction>> of(Connection connection, String user, Collection<Place> messages) throws SQLException {
        Map<Place, List<Reaction>> reactions = new HashMap<>();
        OF_MANY.list(
                        connection,
                        ReactionStore::entry,
                        user,
                        messages.stream().map(Place::conversation).toList(),
                        messages.stream().map(Place::seq).toList())
                .forEach(entry -> reactions.put(entry.getKey(), entry.getValue()));
        return reactions;
    }

    private static Held held(ResultSet rows) throws SQLException {
        return new Held(counts(rows), rows.getBoolean("deleted"));
    }

    private static Map.Entry<Place, List<Reaction>> entry(ResultSet rows) throws SQLException {
        Set<String> own = Set.of((String[]) rows.getArray("own").getArray());
        List<Reaction> reactions = new ArrayList<>();
        counts(rows).forEach((emoji, count) -> reactions.add(new Reaction(emoji, count, own.contains(emoji))));
        return Map.entry(new Place(rows.getString("conversation_id"), rows.getLong("seq")), reactions);
    }

    private static Map<String, Long> counts(ResultSet rows) throws SQLException {
        String[] emoji = (String[]) rows.getArray("emoji").getArray();
        Long[] counts = (Long[]) rows.getArray("counts").getArray();
        Map<String, Long> each = new LinkedHashMap<>();
        for (int i = 0; i < emoji.length; i++) {
            each.put(emoji[i], counts[i]);
        }
        return each;
    }
}
