package dev.tutti.postgres.job;

import static java.util.Objects.requireNonNull;

import dev.tutti.ErrorCode;
import dev.tutti.OpenTransaction;
import dev.tutti.TuttiException;
import dev.tutti.job.Job;
import dev.tutti.job.JobFilter;
import dev.tutti.job.JobRequest;
import dev.tutti.job.JobState;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.PostgresFailure;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The jobs as operators and the code that enqueues them see them: {@code tutti.job}. Safe for use by many threads; blocks. */
final class JobTable {
    private static final Sql ENQUEUE = new Sql("select tutti.enqueue(?, ?::jsonb, ?, ?, ?, ?, ?, ?) as id");
    private static final Sql ENQUEUE_ALONE = new Sql("""
            with later as materialized (
                -- another one with the same unique key, not committed yet, is waited for with a connection for a second
                select set_config('tutti.hints', 'later', true), set_config('lock_timeout', '1s', true))
            select tutti.enqueue(?, ?::jsonb, ?, ?, ?, ?, ?, ?) as id from later
            """);
    private static final Sql ENQUEUE_ALL = new Sql("""
            select tutti.enqueue_jobs(?, ?::jsonb[], ?::timestamptz[], ?::int[], ?, ?, ?::int[]) as ids
            """);
    private static final Sql CANCEL = new Sql("select tutti.cancel_job(?) as done");
    private static final Sql RETRY = new Sql("select tutti.retry_job(?) as done");

    private static final String COLUMNS = """
            select j.id, j.kind, j.data::text as data, j.state, j.attempt, j.failures, j.priority,
                   coalesce(j.unique_key, j.freed_key) as unique_key, j.batch, j.owner, j.run_at,
                   j.progress::text as progress, j.error, j.cancel_asked, j.created_at, j.started_at, j.finished_at
            from tutti.job j
            """;

    private static final Sql FIND = new Sql(COLUMNS + "where j.id = ?");

    private static final Sql BATCH = new Sql("""
            select j.state, count(*) as jobs from tutti.job j where j.batch = ? group by j.state
            """);

    private static final Sql DELETE = new Sql("select tutti.delete_jobs(make_interval(secs => ?), ?) as jobs");

    private static final String TOO_LONG = "54000";
    private static final String TOO_DEEP = "54001"; // lists in lists in lists, and so on

    /** For jobs that others wait behind. */
    private static final Duration PROMPT = Duration.ofSeconds(5);

    private final Database database;
    private final JobHints hints;
    private final GroupCommit<JobRequest, Long> enqueued;

    JobTable(Database database, JobHints hints) {
        this.database = database;
        this.hints = hints;
        Database enqueuing = database.within(PROMPT);
        this.enqueued = new GroupCommit<>(
                "tutti-job-enqueue",
                request -> request.data().length(),
                requests -> enqueuing.statement(connection -> insert(connection, requests)));
    }

    /** Together with others, unless it has a key: for that it may have to wait until somebody's transaction ends. */
    long enqueue(JobRequest request) {
        try {
            long id = request.uniqueKey() == null
                    ? enqueued.write(request)
                    : database.statement(connection -> insert(ENQUEUE_ALONE, connection, request));
            return told(List.of(id)).getFirst();
        } catch (TuttiException failure) {
            throw refused(failure);
        }
    }

    List<Long> enqueueAll(List<JobRequest> requests) {
        try {
            return told(database.transaction(transaction -> insertAll(transaction, requests)));
        } catch (TuttiException failure) {
            throw refused(failure);
        }
    }

    private List<Long> told(List<Long> ids) {
        ids.forEach(hints::changed);
        hints.due();
        return ids;
    }

    long enqueue(Connection transaction, JobRequest request) {
        try {
            OpenTransaction.require(transaction);
            return insert(ENQUEUE, transaction, request);
        } catch (SQLException failure) {
            throw refused(failure);
        }
    }

    private static TuttiException refused(TuttiException failure) {
        return failure.getCause() instanceof SQLException cause ? refused(cause) : failure;
    }

    /** The failure as callers hear of it. The database alone checks whether the data is JSON that it keeps, and how large that is then. */
    private static TuttiException refused(SQLException failure) {
        String state = String.valueOf(failure.getSQLState());
        if (state.equals(TOO_LONG)) {
            return new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "job data has more than " + JobRequest.MAX_DATA_BYTES
                            + " bytes as PostgreSQL writes it: numbers in full, and a space behind each comma",
                    failure);
        }
        return state.startsWith("22") || state.equals(TOO_DEEP)
                ? new TuttiException(ErrorCode.BAD_REQUEST, "job data is not JSON that PostgreSQL can keep", failure)
                : PostgresFailure.of(failure);
    }

    /** Those with keys in the order of these, so that no two transactions wait for each other. */
    private static List<Long> insertAll(Connection transaction, List<JobRequest> requests) throws SQLException {
        IdentityHashMap<JobRequest, Long> keyed = new IdentityHashMap<>();
        List<JobRequest> sorted = requests.stream()
                .filter(request -> request.uniqueKey() != null)
                .sorted(Comparator.comparing(JobRequest::kind).thenComparing(JobTable::key))
                .toList();
        for (JobRequest request : sorted) {
            keyed.put(request, insert(ENQUEUE_ALONE, transaction, request));
        }
        List<JobRequest> others =
                requests.stream().filter(request -> request.uniqueKey() == null).toList();
        Iterator<Long> ids = (others.isEmpty() ? List.<Long>of() : insert(transaction, others)).iterator();
        return requests.stream()
                .map(request -> request.uniqueKey() == null ? ids.next() : requireNonNull(keyed.get(request)))
                .toList();
    }

    private static String key(JobRequest request) {
        return requireNonNull(request.uniqueKey());
    }

    private static List<Long> insert(Connection connection, List<JobRequest> requests) throws SQLException {
        return ENQUEUE_ALL
                .first(
                        connection,
                        rows -> List.of((Long[]) rows.getArray("ids").getArray()),
                        all(requests, JobRequest::kind),
                        all(requests, JobRequest::data),
                        all(requests, JobRequest::runAt),
                        all(requests, JobRequest::priority),
                        all(requests, JobRequest::batch),
                        all(requests, JobRequest::owner),
                        all(requests, JobRequest::attempts))
                .orElseThrow();
    }

    /** As texts, which the database reads. */
    private static List<@Nullable String> all(List<JobRequest> requests, Function<JobRequest, @Nullable Object> value) {
        List<@Nullable String> texts = new ArrayList<>();
        for (JobRequest request : requests) {
            Object each = value.apply(request);
            texts.add(each == null ? null : each.toString());
        }
        return texts;
    }

    private static long insert(Sql sql, Connection connection, JobRequest request) throws SQLException {
        Instant runAt = request.runAt();
        return sql.first(
                        connection,
                        rows -> rows.getLong("id"),
                        request.kind(),
                        request.data().toString(),
                        runAt == null ? null : OffsetDateTime.ofInstant(runAt, ZoneOffset.UTC),
                        request.priority(),
                        request.uniqueKey(),
                        request.batch(),
                        request.owner(),
                        request.attempts())
                .orElseThrow();
    }

    Optional<Job> find(long id) {
        return database.statement(connection -> FIND.first(connection, JobTable::job, id));
    }

    List<Job> list(JobFilter filter) {
        StringBuilder sql = new StringBuilder(COLUMNS).append("where j.id < ?");
        List<@Nullable Object> parameters = new ArrayList<>();
        parameters.add(filter.before());
        JobState state = filter.state();
        if (state != null) {
            sql.append(" and j.state = ?");
            parameters.add(state.text());
        }
        if (filter.kind() != null) {
            sql.append(" and j.kind = ?");
            parameters.add(filter.kind());
        }
        if (filter.batch() != null) {
            sql.append(" and j.batch = ?");
            parameters.add(filter.batch());
        }
        sql.append(" order by j.id desc limit ?");
        parameters.add(filter.limit());
        Sql statement = new Sql(sql.toString());
        return database.read(connection -> statement.list(connection, JobTable::job, parameters.toArray()));
    }

    Map<JobState, Long> batch(String name) {
        Map<JobState, Long> counts = new EnumMap<>(JobState.class);
        for (JobState state : JobState.values()) {
            counts.put(state, 0L);
        }
        database.statement(connection -> BATCH.list(
                        connection, rows -> Map.entry(state(rows.getString("state")), rows.getLong("jobs")), name))
                .forEach(entry -> counts.put(entry.getKey(), entry.getValue()));
        return counts;
    }

    boolean cancel(long id) {
        return changed(CANCEL, id);
    }

    boolean retry(long id) {
        try {
            return changed(RETRY, id);
        } catch (TuttiException failure) {
            if (failure.getCause() instanceof SQLException cause && "23505".equals(cause.getSQLState())) {
                throw new TuttiException(
                        ErrorCode.CONFLICT, "another job that is pending or running has the unique key of job " + id);
            }
            throw failure;
        }
    }

    private boolean changed(Sql sql, long id) {
        Optional<Boolean> done = database.statement(connection -> sql.first(
                        connection, rows -> Optional.ofNullable(rows.getObject("done", Boolean.class)), id)
                .orElseThrow());
        return done.orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "there is no job " + id));
    }

    /** Deletes at most {@code limit} of those that ended so long ago, with their streams, and says how many. */
    static long delete(Connection transaction, Duration age, int limit) throws SQLException {
        return DELETE.first(transaction, rows -> rows.getLong("jobs"), age.toMillis() / 1_000.0, limit)
                .orElseThrow();
    }

    private static Job job(ResultSet rows) throws SQLException {
        return new Job(
                rows.getLong("id"),
                rows.getString("kind"),
                Json.of(rows.getString("data")),
                state(rows.getString("state")),
                rows.getInt("attempt"),
                rows.getInt("failures"),
                rows.getInt("priority"),
                rows.getString("unique_key"),
                rows.getString("batch"),
                rows.getString("owner"),
                Sql.instant(rows, "run_at"),
                json(rows.getString("progress")),
                rows.getString("error"),
                rows.getBoolean("cancel_asked"),
                Sql.instant(rows, "created_at"),
                time(rows, "started_at"),
                time(rows, "finished_at"));
    }

    static @Nullable Json json(@Nullable String text) {
        return text == null ? null : Json.of(text);
    }

    private static @Nullable Instant time(ResultSet rows, String column) throws SQLException {
        OffsetDateTime time = rows.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static JobState state(String text) {
        return JobState.valueOf(text.toUpperCase(Locale.ROOT));
    }
}
