package dev.tutti.postgres.job;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.concurrent.Periodic;
import dev.tutti.job.DeclaredCron;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tasks that one instance of the cluster does again and again. The row that says when is moved on in the transaction that does it, so that
 * each time it is done once. A thread of its own looks each second what is due. During a deploy two definitions of it may be there; the
 * one that was announced last counts, unless nobody has done it for a minute: then those who know it by that definition have left. Once a
 * minute it is looked whether something is due later than it can be, as it is after the database's clock was ahead for a while.
 *
 * <p>Times at which no instance ran are made up for once. A task that was due while instances ran for an hour, of which none had it, had
 * been taken away: when it comes back it begins anew.
 */
final class JobSchedule implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(JobSchedule.class);
    private static final Duration INTERVAL = Duration.ofSeconds(1);
    private static final Duration PROMPT = Duration.ofSeconds(5);
    private static final int LOOKS_PER_CORRECTION = 60;

    private static final Sql NOW = new Sql("select tutti.clock() as now");
    private static final Sql ANNOUNCE = new Sql("""
            insert into tutti.job_cron as c (name, definition, due) values (?, ?, ?)
            on conflict (name) do update
            set definition = excluded.definition, due = excluded.due, missed = 0
            where c.definition <> excluded.definition or c.missed >= 60
            """);
    private static final Sql MISS = new Sql("""
            update tutti.job_cron c set missed = c.missed + 1
            where c.name in (
                select m.name from tutti.job_cron m
                where m.missed < 60 and m.due < tutti.clock() - interval '1 minute'
                for no key update skip locked)
            """);
    private static final Sql DUE = new Sql("select c.name from tutti.job_cron c where c.due <= tutti.clock()");
    private static final Sql TAKE = new Sql("""
            select c.due, tutti.clock() as now
            from tutti.job_cron c
            where c.name = ? and c.due <= tutti.clock()
                and (c.definition = ? or c.due < tutti.clock() - interval '1 minute')
            for update skip locked
            """);
    private static final Sql WAIT_BRIEFLY = new Sql("select set_config('lock_timeout', '1s', true)");
    private static final Sql CORRECT = new Sql("""
            update tutti.job_cron c set due = ? where c.name = ? and c.definition = ? and c.due > ?
            """);
    private static final Sql CRONS = new Sql("""
            select c.name, c.definition, c.due, c.missed
            from tutti.job_cron c
            where c.name not like 'tutti:%'
            order by c.name
            limit 1000
            """);
    private static final Sql MOVE = new Sql("""
            update tutti.job_cron c set definition = ?, due = ?, missed = 0 where c.name = ?
            """);

    /** Something to be done. */
    interface Task {
        /** Which it is, in the cluster. */
        String name();

        /** The text that says when it is due; another one than before takes its place. */
        String definition();

        /** When it is due for the first time. */
        Instant first(Instant now);

        /** It cannot be due later than this: a clock was wrong when that was written. */
        Instant latest(Instant now);

        /** Does what was {@code due} in a transaction, and says when it is due again. */
        Instant run(Connection transaction, Instant due, Instant now) throws SQLException;
    }

    private final Database database;
    private final Database prompt;
    private final Map<String, Task> tasks;
    private final Periodic looking;
    private long looks; // of the thread that looks

    /** Those, from now on. */
    JobSchedule(Database database, Collection<Task> tasks) {
        this.database = database;
        this.prompt = database.within(PROMPT);
        this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
        database.statement(connection -> {
            Instant now = now(connection);
            int changed = 0;
            for (Task task : tasks) {
                changed += ANNOUNCE.update(connection, task.name(), task.definition(), time(task.first(now)));
            }
            return changed;
        });
        OutageLog outage = new OutageLog(
                "What is scheduled cannot be done; tried again each second", "What is scheduled is done again");
        this.looking = new Periodic("tutti-job-schedule", INTERVAL, outage, this::look);
    }

    /** Those that are crons. */
    static List<DeclaredCron> crons(Connection connection) throws SQLException {
        return CRONS.list(
                connection,
                rows -> new DeclaredCron(
                        rows.getString("name"),
                        rows.getString("definition"),
                        Sql.instant(rows, "due"),
                        rows.getInt("missed")));
    }

    /** Notes what has been due for a minute that nobody has taken; called once a minute in the cluster. */
    static int miss(Connection transaction) throws SQLException {
        return MISS.update(transaction);
    }

    private static Instant now(Connection connection) throws SQLException {
        return NOW.first(connection, rows -> Sql.instant(rows, "now")).orElseThrow();
    }

    private void look() {
        if (looks++ % LOOKS_PER_CORRECTION == 0) {
            int corrected = prompt.statement(this::correct);
            if (corrected > 0) {
                log.warn(
                        "The database's clock was ahead: {} crons were due later than they can be, and are due as usual",
                        corrected);
            }
        }
        List<TuttiException> held = new ArrayList<>();
        for (String name : prompt.statement(connection -> DUE.list(connection, rows -> rows.getString("name")))) {
            @Nullable Task task = tasks.get(name);
            if (task != null) {
                Failures.guard("the scheduled " + name, () -> perform(task, held));
            }
        }
        if (!held.isEmpty()) {
            throw held.getFirst();
        }
    }

    /** Does one. A failure because something is away is added to those {@code held}: it keeps no other one from being done. */
    private void perform(Task task, List<TuttiException> held) {
        try {
            database.transaction(transaction -> run(transaction, task));
        } catch (TuttiException failure) {
            if (!OutageLog.isOutage(failure)) {
                throw failure;
            }
            held.add(failure);
        }
    }

    private int correct(Connection connection) throws SQLException {
        Instant now = now(connection);
        int corrected = 0;
        for (Task task : tasks.values()) {
            corrected += CORRECT.update(
                    connection, time(task.first(now)), task.name(), task.definition(), time(task.latest(now)));
        }
        return corrected;
    }

    private static int run(Connection transaction, Task task) throws SQLException {
        Optional<Turn> turn = TAKE.first(
                transaction,
                rows -> new Turn(Sql.instant(rows, "due"), Sql.instant(rows, "now")),
                task.name(),
                task.definition());
        if (turn.isEmpty()) {
            return 0;
        }
        // for another's transaction with the same unique key: the other tasks would wait, too
        List<Boolean> _ = WAIT_BRIEFLY.list(transaction, _ -> true);
        Instant next = task.run(transaction, turn.get().due(), turn.get().now());
        return MOVE.update(transaction, task.definition(), time(next), task.name());
    }

    /** The time when a task was due, and the time now, at which it is taken. */
    private record Turn(Instant due, Instant now) {}

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public void close() {
        looking.close();
    }
}
