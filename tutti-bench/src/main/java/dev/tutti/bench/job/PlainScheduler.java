package dev.tutti.bench.job;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.jdbc.PostgreSqlJdbcCustomization;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;

/** db-scheduler alone, as its manual advises for throughput: a row until the job is done, and nothing of it afterwards. */
final class PlainScheduler implements JobSystem {
    /** The table of its manual. */
    private static final Sql TABLE = new Sql("""
            create table scheduled_tasks (
                task_name text not null, task_instance text not null, task_data bytea,
                execution_time timestamptz not null, picked boolean not null, picked_by text,
                last_success timestamptz, last_failure timestamptz, consecutive_failures int,
                last_heartbeat timestamptz, version bigint not null, priority smallint,
                primary key (task_name, task_instance))
            """);

    private static final Sql BY_TIME = new Sql("create index on scheduled_tasks (execution_time)");
    private static final Sql BY_HEARTBEAT = new Sql("create index on scheduled_tasks (last_heartbeat)");
    private static final Sql LEFT = new Sql("select 1 from scheduled_tasks limit 1");
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final double FETCH_BELOW = 0.5; // of the threads
    private static final double FETCH_UP_TO = 1.0;

    private final PostgresPool pool;
    private final Database database;
    private final OneTimeTask<Void> task;
    private final Scheduler scheduler;

    PlainScheduler(String url, int threads, IntConsumer run) {
        int connections = threads + MORE_CONNECTIONS;
        pool = new PostgresPool(
                PostgresPoolSettings.of(PostgresAddress.parse(url)).withConnections(connections, connections));
        database = new Database(pool);
        for (Sql sql : new Sql[] {TABLE, BY_TIME, BY_HEARTBEAT}) {
            int none = database.statement(sql::update);
            assert none == 0;
        }
        task = Tasks.oneTime("bench").execute((instance, _) -> run.accept(Integer.parseInt(instance.getId())));
        scheduler = Scheduler.create(pool, task)
                .jdbcCustomization(new PostgreSqlJdbcCustomization(false, true))
                .threads(threads)
                .pollingInterval(POLL)
                .pollUsingLockAndFetch(FETCH_BELOW, FETCH_UP_TO)
                .enableImmediateExecution()
                .build();
    }

    @Override
    public void enqueue(List<Integer> numbers) {
        List<TaskInstance<?>> instances = new ArrayList<>();
        numbers.forEach(number -> instances.add(task.instance(number.toString())));
        if (instances.size() > 1) {
            scheduler.scheduleBatch(instances, Instant.now());
        } else if (!scheduler.scheduleIfNotExists(
                task.instance(numbers.getFirst().toString()), Instant.now())) {
            throw new BenchException("job " + numbers + " was there");
        }
    }

    @Override
    public void start() {
        scheduler.start();
    }

    @Override
    public boolean isDone() {
        return database.statement(connection -> LEFT.first(connection, _ -> true))
                .isEmpty();
    }

    @Override
    public void close() {
        try {
            scheduler.stop();
        } finally {
            pool.close();
        }
    }
}
