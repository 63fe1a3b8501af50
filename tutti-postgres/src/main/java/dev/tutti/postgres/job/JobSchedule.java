package dev.tutti.postgres.job;

import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Periodic;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Tasks that one instance of the cluster does again and again. The row that says when is moved on in the transaction that does it, so that
 * each time it is done once. A thread of its own looks each second what is due. During a deploy two definitions of it may be there; the
 * one that was announced last counts, unless nobody has done it for a minute: then those who know it by that definition have left.
 */
final class JobSchedule implements AutoCloseable {
    private static final Duration INTERVAL = Duration.ofSeconds(1);

    private static final Sql NOW = new Sql("select tutti.clock() as now");
    private static final Sql ANNOUNCE = new Sql("""
            insert into tutti.job_cron as c (name, definition, due) values (?, ?, ?)
            on conflict (name) do update
            set definition = excluded.definition, due = excluded.due
            where c.definition <> excluded.definition
            """);
    private static final Sql DUE = new Sql("select c.name from tutti.job_cron c where c.due <= tutti.clock()");
    private static final Sql TAKE = new Sql("""
            select tutti.clock() as now
            from tutti.job_cron c
            where c.name = ? and c.due <= tutti.clock()
                and (c.definition = ? or c.due < tutti.clock() - interval '1 minute')
            for update skip locked
            """);
    private static final Sql MOVE = new Sql("update tutti.job_cron c set definition = ?, due = ? where c.name = ?");

    /** Something to be done. */
    interface Task {
        /** Which it is, in the cluster. */
        String name();

        /** What says when it is due; another one than before takes its place. */
        String definition();

        /** When it is due for the first time. */
        Instant first(Instant now);

        /** Does it in a transaction, and says when it is due again. */
        Instant run(Connection transaction, Instant now) throws SQLException;
    }

    private final Database database;
    private final Map<String, Task> tasks;
    private final Periodic looking;

    /** Those, from now on. */
    JobSchedule(Database database, Collection<Task> tasks) {
        this.database = database;
        this.tasks = tasks.stream().collect(Collectors.toMap(Task::name, Function.identity()));
        database.statement(connection -> {
            Instant now =
                    NOW.first(connection, rows -> Sql.instant(rows, "now")).orElseThrow();
            int changed = 0;
            for (Task task : tasks) {
                changed += ANNOUNCE.update(connection, task.name(), task.definition(), time(task.first(now)));
            }
            return changed;
        });
        this.looking = new Periodic("tutti-job-schedule", INTERVAL, this::look);
    }

    private void look() {
        for (String name : database.statement(connection -> DUE.list(connection, rows -> rows.getString("name")))) {
            @Nullable Task task = tasks.get(name);
            if (task != null) {
                Failures.guard(
                        "the scheduled " + name, () -> database.transaction(transaction -> run(transaction, task)));
            }
        }
    }

    private static int run(Connection transaction, Task task) throws SQLException {
        Optional<Instant> now =
                TAKE.first(transaction, rows -> Sql.instant(rows, "now"), task.name(), task.definition());
        return now.isPresent()
                ? MOVE.update(transaction, task.definition(), time(task.run(transaction, now.get())), task.name())
                : 0;
    }

    private static OffsetDateTime time(Instant instant) {
        return OffsetDateTime.ofInstant(instant, ZoneOffset.UTC);
    }

    @Override
    public void close() {
        looking.close();
    }
}
