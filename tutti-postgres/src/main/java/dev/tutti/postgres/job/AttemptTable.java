package dev.tutti.postgres.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.Json;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The attempts at jobs as their runners see them. Safe for use by many threads; blocks. */
final class AttemptTable {
    private static final Sql CLAIM = new Sql("""
            select b.id, b.kind, b.attempt, b.claim, b.failures, b.data, b.progress
            from tutti.begin_attempts(?, ?, ?::int[], ?) b
            """);
    private static final Sql PROGRESS = new Sql("select tutti.progress_attempt(?, ?, ?, ?::jsonb) as cancel_asked");
    private static final Sql END = new Sql("""
            select e.id, e.attempt, e.claim, e.state
            from tutti.end_attempts(?, ?::int[], ?::uuid[], ?, ?::float8[], ?::boolean[], ?::boolean[]) e
            """);

    private static final Sql FORGET = new Sql("""
            select tutti.end_attempts(array_agg(j.id), array_agg(j.attempt), array_agg(j.claim),
                array_agg(case when w.claim is null then 'its runner does not know it'
                               else 'its end could not be written' end),
                array_agg(0::float8), array_agg(false), array_agg(w.claim is not null))
            from tutti.job j
            left join unnest(?::uuid[]) as w (claim) on w.claim = j.claim
            where j.state = 'running' and j.runner = ? and not exists (
                select from unnest(?::bigint[], ?::uuid[]) as k (id, claim) where k.id = j.id and k.claim = j.claim)
            """);

    private static final Sql BEAT = new Sql("""
            select b.id, b.attempt, b.claim, b.cancel_asked from tutti.beat_attempts(?, make_interval(secs => ?)) b
            """);

    private static final Sql MAKE_DUE = new Sql("select tutti.make_jobs_due(?) as jobs");

    private static final Sql FENCE = new Sql("""
            select set_config('idle_in_transaction_session_timeout', ?, true)
            from tutti.job j
            where j.id = ? and j.attempt = ? and j.claim = ? and j.state = 'running'
            for key share
            """);

    private static final Sql LIMIT = new Sql("""
            insert into tutti.job_kind as k (name, at_most) values (?, ?)
            on conflict (name) do update set at_most = excluded.at_most where k.at_most <> excluded.at_most
            """);
    private static final Sql UNLIMIT = new Sql("delete from tutti.job_kind k where k.name = ?");
    /** The error of an attempt whose runner left before it ended. */
    static final String LEFT = "its runner left";

    /** The error of one whose time was over then. */
    static final String LATE = "took longer than it may, and its runner left";

    private static final String LOCKED = "locked";

    /** A heartbeat that is given up, and said again, is in time: runners are trusted for four seconds and a half. */
    private static final Duration BEAT_WITHIN = Duration.ofSeconds(2);

    private static final Duration PROMPT = Duration.ofSeconds(5);

    private final Database database;
    private final Database heartbeats;
    private final Database makingDue; // by the thread that sends heartbeats
    private final Database claiming;
    private final Database ending;
    private final JobHints hints;
    private final GroupCommit<Ended, Optional<String>> ends;

    AttemptTable(Database database, JobHints hints) {
        this.database = database;
        this.heartbeats = database.within(BEAT_WITHIN);
        this.makingDue = database.within(BEAT_WITHIN);
        this.claiming = database.within(PROMPT);
        this.ending = database.within(PROMPT);
        this.hints = hints;
        this.ends = new GroupCommit<>("tutti-job-ends", Ended::size, this::endAll);
    }

    /**
     * Which attempt at which job.
     *
     * @param claim which no other one has: after a failover to a replica that had not heard of an attempt its number is given again
     */
    record Attempt(long id, int attempt, UUID claim) {}

    private static Attempt attempt(ResultSet rows) throws SQLException {
        return new Attempt(rows.getLong("id"), rows.getInt("attempt"), rows.getObject("claim", UUID.class));
    }

    /**
     * An attempt that has begun.
     *
     * @param failures how often the job has failed before it
     */
    record Claimed(
            Attempt which,
            String kind,
            int failures,
            Json data,
            @Nullable Json progress) {}

    /** Begins at most {@code most} attempts at jobs that are due, of kinds that are tried so often unless they say otherwise. */
    List<Claimed> claim(UUID runner, Map<String, Integer> usualAttempts, int most) {
        List<String> kinds = new ArrayList<>();
        List<Long> attempts = new ArrayList<>();
        usualAttempts.forEach((kind, number) -> {
            kinds.add(kind);
            attempts.add((long) number);
        });
        List<Claimed> claimed = claiming.statement(connection -> CLAIM.list(
                connection,
                rows -> new Claimed(
                        attempt(rows),
                        rows.getString("kind"),
                        rows.getInt("failures"),
                        Json.of(rows.getString("data")),
                        JobTable.json(rows.getString("progress"))),
                runner,
                kinds,
                attempts,
                most));
        claimed.forEach(each -> hints.changed(each.which().id()));
        return claimed;
    }

    /**
     * Lets jobs begin again that {@code runner} has claimed without knowing it: the answer was lost. Those whose end is {@code
     * unwritten} count as being cut off. Those that are locked stay as they are.
     */
    void forget(UUID runner, Collection<Attempt> known, Collection<Attempt> unwritten) {
        claiming.statement(connection -> FORGET.list(
                connection,
                _ -> true,
                claims(unwritten.stream()),
                runner,
                known.stream().map(Attempt::id).toList(),
                claims(known.stream())));
    }

    /** As texts, which the database reads. */
    private static List<String> claims(Stream<Attempt> attempts) {
        return attempts.map(each -> each.claim().toString()).toList();
    }

    /** Notes it, and says whether it shall be cancelled; nothing if it is not the current one. */
    Optional<Boolean> progress(Attempt which, Json howFar) {
        Optional<Boolean> cancelAsked = database.statement(connection -> PROGRESS.first(
                        connection,
                        rows -> Optional.ofNullable(rows.getObject("cancel_asked", Boolean.class)),
                        which.id(),
                        which.attempt(),
                        which.claim(),
                        howFar.toString())
                .orElseThrow());
        if (cancelAsked.isPresent()) {
            hints.changed(which.id());
        }
        return cancelAsked;
    }

    /** How an attempt counts that did not do what it should. */
    enum AttemptCost {
        /** It is one of those that the job has. */
        FAILURE,
        /** It is one of those that may be cut off from the database. */
        CUT_OFF,
        /** Nothing: its runner left. */
        NONE
    }

    /**
     * How an attempt has ended.
     *
     * @param error null if it did what it should
     * @param again after which time the job is tried again, if it may be
     * @param cost of no matter if it did what it should
     */
    record Ended(Attempt which, @Nullable String error, Duration again, AttemptCost cost) {
        int size() {
            return error == null ? 1 : error.length();
        }
    }

    /**
     * Ends an attempt, together with others, and says what the job's state is when that is committed; nothing if it is not the
     * current one.
     *
     * @throws TuttiException with {@link ErrorCode#CONFLICT} if a transaction holds the job
     */
    Optional<String> end(Ended ended) {
        Optional<String> state = ends.write(ended);
        if (state.filter(LOCKED::equals).isPresent()) {
            throw new TuttiException(
                    ErrorCode.CONFLICT,
                    "another transaction holds job " + ended.which().id());
        }
        return state;
    }

    private List<Optional<String>> endAll(List<Ended> all) {
        Map<Attempt, String> states = new HashMap<>();
        ending.statement(connection -> END.list(
                connection,
                rows -> states.put(attempt(rows), rows.getString("state")) == null,
                all.stream().map(each -> each.which().id()).toList(),
                all.stream().map(each -> (long) each.which().attempt()).toList(),
                claims(all.stream().map(Ended::which)),
                all.stream().map(Ended::error).toList(),
                all.stream()
                        .map(each -> Double.toString(each.again().toMillis() / 1_000.0))
                        .toList(),
                costs(all, AttemptCost.FAILURE),
                costs(all, AttemptCost.CUT_OFF)));
        states.keySet().forEach(each -> hints.changed(each.id()));
        return all.stream()
                .map(each -> Optional.ofNullable(states.get(each.which())))
                .toList();
    }

    private static List<String> costs(List<Ended> all, AttemptCost cost) {
        return all.stream().map(each -> Boolean.toString(each.cost() == cost)).toList();
    }

    /** An attempt that goes on, and whether its cancellation was asked for. */
    record Current(Attempt which, boolean cancelAsked) {}

    /**
     * Says that {@code runner} is alive, ends the attempts of runners that were silent for {@code silence}, and answers with
     * its own.
     */
    List<Current> heartbeat(UUID runner, Duration silence) {
        return heartbeats.statement(connection -> BEAT.list(
                connection,
                rows -> new Current(attempt(rows), rows.getBoolean("cancel_asked")),
                runner,
                silence.toMillis() / 1_000.0));
    }

    /** Makes at most {@code most} jobs due whose time has come, and says how many. */
    long makeDue(int most) {
        return makingDue
                .statement(connection -> MAKE_DUE.first(connection, rows -> rows.getLong("jobs"), most))
                .orElseThrow();
    }

    /** Whether it is the current attempt, and stays so until {@code transaction} ends, or is idle for {@code pause}. */
    static boolean fence(Connection transaction, Attempt which, Duration pause) throws SQLException {
        return FENCE.first(
                        transaction,
                        _ -> true,
                        Long.toString(pause.toMillis()),
                        which.id(),
                        which.attempt(),
                        which.claim())
                .isPresent();
    }

    /** How many of a kind may run at a time. */
    void limit(String kind, int most) {
        database.statement(
                connection -> most == 0 ? UNLIMIT.update(connection, kind) : LIMIT.update(connection, kind, most));
    }
}
