package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.User;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.WordStore.Hit;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.input.Input;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Finds messages by their words, in conversations that somebody is in, from when they joined. A search looks at some events whose words
 * are not known yet, and says whether there are more. Four go on at a time, one for each person, and each of their statements has
 * three seconds. Safe for use by many threads; blocks.
 */
final class MessageSearch {
    static final int MOST = 50;

    private static final int AT_ONCE = 4;
    private static final Sql WITHIN = new Sql("select set_config('statement_timeout', '3s', true)");

    private static final Sql EVENTS = new Sql("""
            select wanted.conversation_id, e.seq, e.data, e.key, e.at
            from unnest(?::text[], ?::bigint[]) as wanted (conversation_id, seq)
            join tutti.stream s on s.name = 'conversation:' || wanted.conversation_id
            join tutti.event e on e.kind = 'conversation' and e.stream_id = s.id and e.seq = wanted.seq
            order by e.at desc, wanted.conversation_id desc, e.seq desc
            """);

    private final Database database;
    private final JsonCodec json;
    private final WordStore words = new WordStore();
    private final ChangeStore changes = new ChangeStore();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Set<String> searching = ConcurrentHashMap.newKeySet();

    MessageSearch(Database database, JsonCodec json) {
        this.database = database;
        this.json = json;
    }

    /**
     * What was found, the newest first.
     *
     * @param users who sent the messages, by id
     * @param next where to go on; null at the end
     * @param complete whether all messages were searched; if not, the same search again looks at more of them
     */
    record Found(
            List<Match> messages,
            Map<String, User> users,
            @Nullable String next,
            boolean complete) {
        /** A message, and where it is. */
        record Match(String conversation, ChatMessage message) {}
    }

    /** Messages with {@code query}, as search engines take it, of one conversation or, if that is null, of all. */
    Found find(String user, @Nullable String conversation, String query, @Nullable String after, int limit) {
        Hit place = after == null ? null : place(after);
        if (!searching.add(user)) {
            throw busy("your last search is still going on");
        }
        try {
            if (!permits.tryAcquire()) {
                throw busy("too much is being searched at a time");
            }
            try {
                boolean complete = database.transaction(connection -> {
                    limitTime(connection);
                    return words.fill(connection, user);
                });
                return database.transaction(connection -> {
                    limitTime(connection);
                    return found(connection, user, conversation, query, place, limit, complete);
                });
            } finally {
                permits.release();
            }
        } finally {
            searching.remove(user);
        }
    }

    private Found found(
            Connection connection,
            String user,
            @Nullable String conversation,
            String query,
            @Nullable Hit after,
            int limit,
            boolean complete)
            throws SQLException {
        List<Hit> hits = words.find(connection, user, conversation, query, after, limit);
        List<Found.Match> messages = messages(connection, hits);
        Set<String> senders = new HashSet<>();
        messages.forEach(hit -> senders.add(hit.message().sender()));
        return new Found(
                messages,
                Directory.named(connection, senders),
                hits.size() < limit ? null : text(hits.getLast()),
                complete);
    }

    /** Those of them that are there still, as they are now. */
    private List<Found.Match> messages(Connection connection, List<Hit> hits) throws SQLException {
        Map<Place, ChangeStore.Change> changed = changes.of(
                connection,
                hits.stream()
                        .map(hit -> new Place(hit.conversation(), hit.seq()))
                        .toList());
        return EVENTS
                .list(
                        connection,
                        rows -> {
                            String id = rows.getString("conversation_id");
                            long seq = rows.getLong("seq");
                            Event event = new Event(
                                    ChatStreams.conversation(id),
                                    seq,
                                    ChatStreams.MESSAGE,
                                    Json.of(rows.getBytes("data")),
                                    rows.getString("key"),
                                    Sql.instant(rows, "at"));
                            ChatMessage sent = Objects.requireNonNull(Messages.message(event, json));
                            return new Found.Match(id, Messages.now(sent, changed.get(new Place(id, seq))));
                        },
                        hits.stream().map(Hit::conversation).toList(),
                        hits.stream().map(Hit::seq).toList())
                .stream()
                .filter(hit -> !hit.message().deleted())
                .toList();
    }

    private static void limitTime(Connection connection) throws SQLException {
        WITHIN.list(connection, _ -> true);
    }

    private static TuttiException busy(String why) {
        return new TuttiException(ErrorCode.OVERLOADED, why, Duration.ofSeconds(1));
    }

    private static String text(Hit hit) {
        return hit.at() + "~" + hit.conversation() + "~" + hit.seq();
    }

    private static Hit place(String text) {
        String[] parts = text.split("~", -1);
        try {
            if (parts.length == 3) {
                return new Hit(Fields.conversation(parts[1]), Fields.seq(parts[2]), Instant.parse(parts[0]));
            }
        } catch (DateTimeParseException _) {
            // refused below, like what has other parts
        }
        throw Input.refused("after is not a place where a search goes on");
    }
}
