package dev.tutti.postgres;

import dev.tutti.ErrorCode;
import dev.tutti.OpenTransaction;
import dev.tutti.TuttiException;
import dev.tutti.postgres.ConnectionLender.Work;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Replica;
import dev.tutti.postgres.sql.Replicated;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.NotifyingStreamStore;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StoreBounds;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.TransactionalStreamStore;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Streams in PostgreSQL, in the tables that {@link PostgresSchema} makes.
 *
 * <p>An append is one round trip and one transaction under READ COMMITTED, which must be the database's default; it locks the rows
 * of its streams in the order of their names, for each of which it waits about a second. A {@link Position} is a snapshot of
 * PostgreSQL's transactions.
 *
 * <p>Events are in partitions by kind and time. An event that is older than its {@link Retention} is not read any more from that
 * moment on, and its space is given back when everything in its partition is, at most an eighth of the age (or an hour) later. An
 * event beyond the count is not read any more, but is kept in the tables until it is too old.
 */
public final class PostgresStreamStore
        implements TransactionalStreamStore,
                RetainingStreamStore,
                NotifyingStreamStore,
                ListingStreamStore,
                DeletingStreamStore {
    private static final String LOCKED_FOR_TOO_LONG = "55P03";
    private static final String ENDED = "57014";
    private static final Sql APPEND = Sql.resource(PostgresStreamStore.class, "stream/append");
    private static final Sql LOCKED = Sql.resource(PostgresStreamStore.class, "stream/locked");
    private static final Sql READ_AFTER = Sql.resource(PostgresStreamStore.class, "stream/read_after");
    private static final Sql READ_BEFORE = Sql.resource(PostgresStreamStore.class, "stream/read_before");
    private static final Sql NOW = Sql.resource(PostgresStreamStore.class, "stream/now");
    private static final Sql CHANGES = Sql.resource(PostgresStreamStore.class, "stream/changes");
    private static final Sql FLUSH = Sql.resource(PostgresStreamStore.class, "stream/flush");
    private static final Sql SEEN = Sql.resource(PostgresStreamStore.class, "stream/seen");

    /** The channel on which tutti.publish says what it has appended. */
    private static final String PUBLISHED = "tutti_published";

    private static final Pattern NOTIFICATION =
            Pattern.compile("([a-z][a-z0-9-]{0,31}:[A-Za-z0-9._~:-]{1,128}) ([0-9]{1,18})");

    /** How many events a search for changes looks at before it gives up. */
    private static final long MOST_EVENTS = 100_000;

    private final ConnectionLender connections;
    private final RetentionPolicy policy;
    private final Sql timedAppend;
    private final Optional<Replica> replica;
    private final @Nullable ControlConnection control;
    private final PostgresRetention retention;
    private final StreamTable table;

    /**
     * A store that keeps what {@code policy} says, in {@code database}, whose schema is up to date. {@link #retain} is to be
     * called before anything else.
     *
     * @param timeout how long a statement may take, at least a second
     */
    public PostgresStreamStore(DataSource database, RetentionPolicy policy, Duration timeout) {
        this(database, policy, timeout, null);
    }

    /** The same; {@code control} hears what is published by SQL. */
    PostgresStreamStore(
            DataSource database, RetentionPolicy policy, Duration timeout, @Nullable ControlConnection control) {
        this.control = control;
        this.connections = new ConnectionLender(database, timeout);
        this.table = new StreamTable(connections);
        this.replica = Replicated.of(database);
        this.policy = policy;
        this.timedAppend = APPEND.within(connections.timeoutSeconds());
        this.retention = new PostgresRetention(policy);
    }

    /**
     * A store that is ready: in {@code pool}'s database, whose schema is brought up to date, with the pool's time limit.
     * Blocks.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNAVAILABLE} if that fails
     */
    public static PostgresStreamStore open(PostgresPool pool, RetentionPolicy policy) {
        PostgresSchema.migrate(pool);
        PostgresStreamStore store =
                new PostgresStreamStore(pool, policy, pool.settings().statement());
        store.retain();
        return store;
    }

    @Override
    public List<Appended> append(List<Append> appends) {
        return connections.promptly(timedAppend, connection -> {
            try {
                return add(connection, appends);
            } catch (SQLException failure) {
                throw refused(connection, appends, failure);
            }
        });
    }

    /** The failure as callers hear of it. Appends that certainly were rolled back can be tried again; for a lock it matters whose it is. */
    private RuntimeException refused(Connection connection, List<Append> appends, SQLException failure)
            throws SQLException {
        TuttiException known = PostgresFailure.of(failure);
        String message = String.valueOf(known.getMessage());
        String state = failure.getSQLState() == null ? "" : failure.getSQLState();
        // a statement that was ended for taking too long did not commit: that, it would have answered with a warning
        if (state.equals(LOCKED_FOR_TOO_LONG) || state.equals(ENDED)) {
            Set<StreamName> streams = appends.stream().map(Append::stream).collect(Collectors.toSet());
            return new NothingAppendedException(known.code(), message, locked(connection, streams), failure);
        }
        boolean refused = state.startsWith("22") || state.startsWith("23");
        return refused ? new NothingAppendedException(known.code(), message, Set.of(), failure) : known;
    }

    /** Those of {@code streams} that are locked now, or all if none is: something else was then. */
    private Set<StreamName> locked(Connection connection, Set<StreamName> streams) throws SQLException {
        String[] names = streams.stream().map(StreamName::value).toArray(String[]::new);
        Set<StreamName> locked = new HashSet<>();
        try (PreparedStatement statement = LOCKED.prepare(connection, Map.of("names", names));
                ResultSet rows = statement.executeQuery()) { // it changes nothing that a standby would have to have
            while (rows.next()) {
                locked.add(new StreamName(rows.getString("name")));
            }
        }
        return locked.isEmpty() ? streams : locked;
    }

    @Override
    public List<Appended> append(Connection transaction, List<Append> appends) {
        try {
            OpenTransaction.require(transaction);
            return add(transaction, appends);
        } catch (SQLException e) {
            throw PostgresFailure.of(e);
        }
    }

    private List<Appended> add(Connection connection, List<Append> appends) throws SQLException {
        StoreBounds.requireAppends(appends.size());
        if (appends.isEmpty()) {
            return List.of();
        }
        int size = appends.size();
        String[] names = new String[size];
        String[] types = new String[size];
        @Nullable String[] keys = new String[size];
        byte[][] contents = new byte[size][];
        for (int i = 0; i < size; i++) {
            Append append = appends.get(i);
            names[i] = append.stream().value();
            types[i] = append.type();
            keys[i] = append.key();
            contents[i] = append.data().bytes();
        }
        Appended[] results = new Appended[size];
        Map<String, Object> parameters = Map.of("names", names, "types", types, "keys", keys, "contents", contents);
        try (PreparedStatement statement = timedAppend.prepare(connection, parameters);
                ResultSet rows = Sql.query(statement)) {
            while (rows.next()) {
                results[rows.getInt("place") - 1] =
                        new Appended(rows.getLong("seq"), Sql.instant(rows, "at"), rows.getBoolean("repeated"));
            }
        }
        return List.of(results);
    }

    @Override
    public ReadResult read(StreamName stream, Range range, int limit) {
        StoreBounds.requirePage(limit);
        Retention kept = policy.of(stream);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("name", stream.value());
        parameters.put("kind", stream.kind());
        parameters.put("most_kept", kept.maxCount());
        parameters.put("oldest_kept", PostgresRetention.seconds(kept.maxAge()));
        parameters.put("limit", limit + 1);
        parameters.put("most_bytes", MAX_PAGE_BYTES);
        Work<StreamRows> look = connection -> switch (range) {
            case Range.After(long seq) -> {
                parameters.put("seq", seq);
                yield read(connection, READ_AFTER, parameters, stream, limit);
            }
            case Range.Before(long seq) -> {
                parameters.put("seq", seq);
                yield read(connection, READ_BEFORE, parameters, stream, limit);
            }
        };
        StreamRows found = replica.flatMap(copy -> copy.asItIs((connection, current) ->
                        Optional.of(look.run(connection)).filter(rows -> current || rows.areOfThePast(range))))
                .orElseGet(() -> connections.run(look));
        return found.result(stream, range);
    }

    private static StreamRows read(
            Connection connection, Sql sql, Map<String, Object> parameters, StreamName stream, int limit)
            throws SQLException {
        long head = 0;
        long available = 0;
        List<Event> events = new ArrayList<>();
        try (PreparedStatement statement = sql.prepare(connection, parameters);
                ResultSet rows = Sql.query(statement)) {
            while (rows.next()) {
                head = rows.getLong("head");
                available = rows.getLong("available");
                if (available > 0 && events.size() < limit) {
                    events.add(new Event(
                            stream,
                            rows.getLong("seq"),
                            rows.getString("type"),
                            Json.of(rows.getBytes("data")),
                            rows.getString("key"),
                            Sql.instant(rows, "at")));
                }
            }
        }
        return new StreamRows(head, events, available > events.size());
    }

    @Override
    public Position now() {
        return connections.promptly(NOW, connection -> {
            @Nullable Moment now = NOW.first(connection, Moment::of).orElse(null);
            return lasting(connection, now).toPosition();
        });
    }

    @Override
    public Changes changes(Position since) {
        PostgresPosition position = PostgresPosition.of(since);
        Map<String, Object> parameters =
                Map.of("since", position.toSnapshot(), "most_events", MOST_EVENTS + 1, "most_streams", MAX_STREAMS + 1);
        return connections.promptly(CHANGES, connection -> {
            Map<StreamName, Long> heads = new HashMap<>();
            long events = 0;
            @Nullable Moment now = null;
            try (PreparedStatement statement = CHANGES.prepare(connection, parameters);
                    ResultSet rows = Sql.query(statement)) {
                while (rows.next()) {
                    if (now == null) {
                        now = Moment.of(rows);
                        position.requireBefore(now.position());
                    }
                    events = rows.getLong("events");
                    if (events > 0) {
                        heads.put(new StreamName(rows.getString("name")), rows.getLong("head"));
                    }
                }
            }
            boolean complete = events <= MOST_EVENTS && heads.size() <= MAX_STREAMS;
            Position told = lasting(connection, now).toPosition();
            return new Changes(told, complete ? heads : Map.of(), complete);
        });
    }

    private record Moment(PostgresPosition position, boolean flushed) {
        static Moment of(ResultSet rows) throws SQLException {
            return new Moment(
                    PostgresPosition.ofSnapshot(rows.getString("life"), rows.getString("now")),
                    rows.getBoolean("flushed"));
        }
    }

    /**
     * The position of {@code now}, as soon as no crash can take it back: of transactions whose end was not written to the disk,
     * such as notifications, the server would give the numbers to later ones, which those that are here would take for seen.
     */
    private static PostgresPosition lasting(Connection connection, @Nullable Moment now) throws SQLException {
        if (now == null) {
            throw new TuttiException(ErrorCode.INTERNAL, "the table tutti.life is empty");
        }
        if (!now.flushed()) {
            FLUSH.list(connection, _ -> true);
        }
        return now.position();
    }

    @Override
    public Map<StreamName, Long> seen(Position position, Collection<StreamName> streams) {
        StoreBounds.requireStreams(streams.size());
        PostgresPosition given = PostgresPosition.of(position);
        String[] names = streams.stream().map(StreamName::value).toArray(String[]::new);
        Map<String, Object> parameters = Map.of("position", given.toSnapshot(), "names", names);
        return connections.promptly(SEEN, connection -> {
            Map<StreamName, Long> seen = new HashMap<>();
            streams.forEach(stream -> seen.put(stream, 0L));
            try (PreparedStatement statement = SEEN.prepare(connection, parameters);
                    ResultSet rows = Sql.query(statement)) {
                boolean first = true;
                while (rows.next()) {
                    if (first) {
                        given.requireBefore(PostgresPosition.ofSnapshot(rows.getString("life"), rows.getString("now")));
                        first = false;
                    }
                    @Nullable String name = rows.getString("name");
                    if (name != null) {
                        seen.put(new StreamName(name), rows.getLong("seq"));
                    }
                }
            }
            return seen;
        });
    }

    @Override
    public List<StreamHead> list(String from, String before, int limit) {
        StoreBounds.requireListed(limit);
        return table.list(from, before, limit);
    }

    @Override
    public int delete(StreamName stream, long through) {
        return table.delete(stream, through);
    }

    /** Also begins a new life if the database was restored from elsewhere; see {@link PostgresPosition}. */
    @Override
    public void retain() {
        connections.run(connection -> {
            retention.retain(connection);
            return Boolean.TRUE;
        });
    }

    @Override
    public void onAppended(Listener listener) {
        if (control != null) {
            control.listen(PUBLISHED, text -> told(text, listener));
        }
    }

    /** Anybody who is connected may notify: a notification other than a stream and a number is ignored. */
    private static void told(String text, Listener listener) {
        Matcher parts = NOTIFICATION.matcher(text);
        if (parts.matches()) {
            listener.appended(new StreamName(parts.group(1)), Long.parseLong(parts.group(2)));
        }
    }
}
