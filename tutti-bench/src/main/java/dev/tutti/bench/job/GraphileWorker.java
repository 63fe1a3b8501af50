package dev.tutti.bench.job;

import dev.tutti.bench.BenchException;
import dev.tutti.bench.Peer;
import dev.tutti.bench.child.Child;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.sql.Database;
import dev.tutti.postgres.sql.Sql;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** graphile-worker on Node: jobs are added by its function in SQL, and its process says which ones have run. */
final class GraphileWorker implements JobSystem {
    private static final Sql ADD =
            new Sql("select graphile_worker.add_job('bench', json_build_object('number', ?::int))");
    private static final Sql LEFT = new Sql("select 1 from graphile_worker.jobs limit 1");

    private final ServerSocket told;
    private final Child worker;
    private final PostgresPool pool;
    private final Database database;

    GraphileWorker(Peer.Installed peer, String url, int threads, IntConsumer run) {
        try {
            told = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        } catch (IOException failure) {
            throw new BenchException("cannot listen for jobs that have run", failure);
        }
        Thread.ofVirtual().name("graphile").start(() -> listen(run));
        worker = peer.start(url, Integer.toString(threads), Integer.toString(told.getLocalPort()));
        int connections = threads + MORE_CONNECTIONS;
        pool = new PostgresPool(
                PostgresPoolSettings.of(PostgresAddress.parse(url)).withConnections(connections, connections));
        database = new Database(pool);
    }

    private void listen(IntConsumer run) {
        try (Socket socket = told.accept();
                BufferedReader lines =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                run.accept(Integer.parseInt(line));
            }
        } catch (IOException ended) {
            // a job of which nobody says that it has run fails the round
        }
    }

    @Override
    public void enqueue(int number) {
        boolean added = database.statement(connection -> ADD.first(connection, _ -> true, number))
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
        worker.close();
        pool.close();
        try {
            told.close();
        } catch (IOException failure) {
            throw new BenchException("cannot stop listening for jobs that have run", failure);
        }
    }
}
