package dev.tutti.postgres.job;

import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The attempts at jobs as their runners see them. Safe for use by many threads; blocks. */
final class AttemptTable {
    private static final Sql BEGIN = new Sql("""
            select b.attempt, b.failures, b.data, b.progress from tutti.begin_job(?, ?, ?, ?, ?) b
            """);
    private static final Sql PROGRESS = new Sql("select tutti.progress_job(?, ?, ?::jsonb) as cancel_asked");
    private static final Sql END = new Sql("select tutti.end_job(?, ?, ?, make_interval(secs => ?), ?, ?) as state");

    private static final Sql CURRENT = new Sql("""
            select j.id, j.attempt, j.cancel_asked from tutti.job j where j.id = any (?) and j.state = 'running'
            """);

    private static final Sql FENCE = new Sql("""
            select set_config('idle_in_transaction_session_timeout', ?, true)
            from tutti.job j
            where j.id = ? and j.attempt = ? and j.state = 'running'
            for key share
            """);

    private static final Sql LIMIT = new Sql("""
            insert into tutti.job_kind as k (name, at_most) values (?, ?)
            on conflict (name) do update set at_most = excluded.at_most where k.at_most <> excluded.at_most
            """);
    private static final Sql UNLIMIT = new Sql("delete from tutti.job_kind k where k.name = ?");

    private final Database database;
    private final JobHints hints;

    AttemptTable(Database database, JobHints hints) {
        this.database = database;
        this.hints = hints;
    }

    /** What has a result has changed the job. */
    private <T> Optional<T> changed(long id, Optional<T> result) {
        if (result.isPresent()) {
            hints.changed(id);
        }
        return result;
    }

    /**
     * One that has begun.
     *
     * @param failures how often the job has failed before it
     */
    record Begun(
            int attempt, int failures, Json data, @Nullable Json progress) {}

    /** Begins one for the execution that {@code runner} has picked; nothing if it shall not run it. */
    Optional<Begun> begin(long id, String kind, long version, @Nullable String runner, int usualAttempts) {
        return changed(
                id,
                database.statement(connection -> BEGIN.first(
                        connection,
                        rows -> new Begun(
                                rows.getInt("attempt"),
                                rows.getInt("failures"),
                                Json.of(rows.getString("data")),
                                JobTable.json(rows.getString("progress"))),
                        id,
                        kind,
                        version,
                        runner,
                        usualAttempts)));
    }

    /** Notes it, and says whether it shall be cancelled; nothing if it is not the current one. */
    Optional<Boolean> progress(long id, int attempt, Json howFar) {
        return changed(
                id,
                database.statement(connection -> PROGRESS.first(
                                connection,
                                rows -> Optional.ofNullable(rows.getObject("cancel_asked", Boolean.class)),
                                id,
                                attempt,
                                howFar.toString())
                        .orElseThrow()));
    }

    /** Ends it, and says what the job's state is then; nothing if it is not the current one. */
    Optional<String> end(
            long id, int attempt, @Nullable String error, Duration again, boolean counts, int usualAttempts) {
        return changed(
                id,
                database.statement(connection -> END.first(
                                connection,
                                rows -> Optional.ofNullable(rows.getString("state")),
                                id,
                                attempt,
                                error,
                                again.toMillis() / 1_000.0,
                                counts,
                                usualAttempts)
                        .orElseThrow()));
    }

    /** What is known of a running job. */
    record Current(long id, int attempt, boolean cancelAsked) {}

    /** Those of {@code ids} that are running. */
    List<Current> current(List<Long> ids) {
        return database.statement(connection -> CURRENT.list(
                connection,
                rows -> new Current(rows.getLong("id"), rows.getInt("attempt"), rows.getBoolean("cancel_asked")),
                ids));
    }

    /** Whether it is the current attempt, and stays so until {@code transaction} ends, or is idle for {@code pause}. */
    static boolean fence(Connection transaction, long id, int attempt, Duration pause) throws SQLException {
        return FENCE.first(transaction, _ -> true, Long.toString(pause.toMillis()), id, attempt)
                .isPresent();
    }

    /** How many of a kind may run at a time. */
    void limit(String kind, int most) {
        database.statement(
                connection -> most == 0 ? UNLIMIT.update(connection, kind) : LIMIT.update(connection, kind, most));
    }
}
