package dev.tutti.bench.job;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.subject.Peer;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.util.List;
import java.util.Map;
import java.util.function.IntConsumer;

/** graphile-worker on Node: jobs are added by its functions in SQL, and its process says which ones have run. */
final class GraphileWorker implements JobSystem {
    /** The number of jobs that its manual fetches at a time when it measures. */
    static final int BATCH = 500;

    /** The batch size with which each of its runners fetches its own job. */
    static final int NO_BATCH = 0;

    private static final Sql ADD =
            new Sql("select id from graphile_worker.add_job('bench', json_build_object('number', ?::int))");
    private static final Sql ADD_ALL = new Sql("""
            select count(*) from graphile_worker.add_jobs(array(
                select ('bench', json_build_object('number', number), null, null, null, null, null, null)::graphile_worker.job_spec
                from unnest(?::int[]) number))
            """);
    private static final Sql LEFT = new Sql("select 1 from graphile_worker.jobs limit 1");

    private final RunReports reports;
    private final Child worker;
    private final PostgresPool pool;
    private final Database database;

    /** One that fetches, and ends, {@code batch} jobs at a time. */
    GraphileWorker(Peer.Installed peer, int batch, String url, int threads, IntConsumer run) {
        reports = new RunReports(run);
        try {
            worker = peer.start(
                    Map.of("DATABASE_URL", url),
                    Integer.toString(threads),
                    Integer.toString(batch),
                    Integer.toString(reports.port()));
        } catch (RuntimeException failure) {
            reports.close();
            throw failure;
        }
        int connections = threads + MORE_CONNECTIONS;
        pool = new PostgresPool(
                PostgresPoolSettings.of(PostgresAddress.parse(url)).withConnections(connections, connections));
        database = new Database(pool);
    }

    @Override
    public void enqueue(List<Integer> numbers) {
        boolean one = numbers.size() == 1;
        Object argument = one ? numbers.getFirst() : numbers;
        boolean added = database.statement(connection -> (one ? ADD : ADD_ALL).first(connection, _ -> true, argument))
                .orElse(false);
        assert added;
    }

    @Override
    public void start() {
        worker.ask("start");
    }

    @Override
    public boolean isDone() {
        return database.statement(connection -> LEFT.first(connection, _ -> true))
                .isEmpty();
    }

    @Override
    public void close() {
        try (reports;
                worker) {
            pool.close();
        }
    }
}
