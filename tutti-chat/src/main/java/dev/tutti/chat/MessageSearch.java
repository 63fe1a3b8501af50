package dev.tutti.chat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.User;
import dev.tutti.chat.ChangeStore.Place;
import dev.tutti.chat.WordStore.Hit;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.input.Input;
import dev.tutti.core.stream.Streams;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds messages by their words, in conversations that somebody is in, from when they joined. A search looks at some events whose words
 * are not known yet, for a second, and says whether there are more. Four go on at a time, one for each person, and each of their
 * statements has three seconds. Safe for use by many threads; blocks.
 */
final class MessageSearch {
    static final int MOST = 50;

    private static final Logger log = LoggerFactory.getLogger(MessageSearch.class);
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(1);
    private static final Duration LOOKING = Duration.ofSeconds(1);
    private static final Sql WITHIN = new Sql("select set_config('statement_timeout', '3s', true)");

    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T00:00:00Z");

    private final Database database;
    private final Streams streams;
    private final JsonCodec json;
    private final WordStore words = new WordStore();
    private final ChangeStore changes = new ChangeStore();
    private final CurrentMessages current = new CurrentMessages();
    private final Semaphore permits = new Semaphore(AT_ONCE);
    private final Set<String> searching = ConcurrentHashMap.newKeySet();

    MessageSearch(Database database, Streams streams, JsonCodec json) {
        this.database = database;
        this.streams = streams;
        this.json = json;
    }

    /**
     * One page of what was found, the newest first.
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
            enter();
            try {
                boolean complete = fill(user, conversation);
                List<Hit> hits = database.snapshot(connection -> {
                    limitTime(connection);
                    return words.find(connection, user, conversation, query, place, limit);
                });
                return found(user, hits, limit, complete);
            } finally {
                permits.release();
            }
        } finally {
            searching.remove(user);
        }
    }

    private void enter() {
        try {
            if (!permits.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                throw busy("too much is being searched at a time");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw busy("the search was interrupted");
        }
    }

    /** Takes words from events that were not looked at, for a second; whether there are no more of them. */
    private boolean fill(String user, @Nullable String first) {
        Deadline end = Deadline.in(LOOKING);
        try {
            boolean more = database.transaction(connection -> {
                limitTime(connection);
                words.prune(connection);
                changes.prune(connection);
                return words.fill(connection, user, first);
            });
            while (more && !end.left().isZero()) {
                more = database.transaction(connection -> {
                    limitTime(connection);
                    return words.fill(connection, user, first);
                });
            }
            return !more;
        } catch (TuttiException late) {
            if (late.code() != ErrorCode.TIMEOUT) {
                throw late;
            }
            log.debug("Words of messages were not taken in time", late);
            return false;
        }
    }

    private Found found(String user, List<Hit> hits, int limit, boolean complete) {
        Map<Place, ChatMessage> kept = new LinkedHashMap<>();
        hits.forEach(hit -> kept(hit).ifPresent(sent -> kept.put(new Place(hit.conversation(), hit.seq()), sent)));
        return database.snapshot(connection -> {
            List<Found.Match> messages = new ArrayList<>();
            current.of(connection, user, kept)
                    .forEach((place, message) -> messages.add(new Found.Match(place.conversation(), message)));
            messages.removeIf(match -> match.message().deleted());
            Set<String> senders = new HashSet<>();
            messages.forEach(match -> senders.add(match.message().sender()));
            return new Found(
                    messages,
                    Directory.named(connection, senders),
                    hits.size() < limit ? null : text(hits.getLast()),
                    complete);
        });
    }

    /** The message as it was sent, if it is kept still. */
    private Optional<ChatMessage> kept(Hit hit) {
        return switch (streams.read(ChatStreams.conversation(hit.conversation()), new Range.After(hit.seq() - 1), 1)) {
            case ReadResult.Page page -> page.events().stream().findFirst().map(event -> Messages.message(event, json));
            case ReadResult.Gap _ -> Optional.empty();
        };
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
                Instant at = Instant.parse(parts[0]);
                if (at.isAfter(FIRST) && at.isBefore(LAST)) {
                    return new Hit(Fields.conversation(parts[1]), Fields.seq(parts[2]), at);
                }
            }
        } catch (DateTimeParseException _) {
            // refused below, like what has other parts
        }
        throw Input.refused("after is not a place where a search goes on");
    }
}
