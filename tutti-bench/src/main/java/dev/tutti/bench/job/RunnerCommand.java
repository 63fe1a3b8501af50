package dev.tutti.bench.job;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Commands;
import dev.tutti.bench.subject.TargetCommand;
import dev.tutti.core.Tutti;
import dev.tutti.job.JobContext;
import dev.tutti.job.JobOptions;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.postgres.job.PostgresJobSettings;
import dev.tutti.postgres.sql.Sql;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import javax.sql.DataSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A process that runs the jobs of a {@link KilledRound}, until it is killed. */
@Command(name = "runner", hidden = true, description = "Runs jobs; started by the others.")
public final class RunnerCommand implements Callable<Integer> {
    private static final Sql EFFECT = new Sql("""
            insert into effect (number, attempt) select ?, ? where not exists (select from effect where number = ?)
            """);

    @Option(names = "--threads", required = true)
    private int threads;

    @Option(names = "--attempts", required = true)
    private int attempts;

    @Option(names = "--connections", required = true)
    private int connections;

    @Option(names = "--work-millis", required = true)
    private int work;

    @Override
    public Integer call() throws IOException {
        String url = Objects.requireNonNull(System.getenv(TargetCommand.DATABASE), TargetCommand.DATABASE);
        PostgresBackend backend = PostgresBackend.at(PostgresAddress.parse(url))
                .connections(connections, threads)
                .jobs(new PostgresJobSettings(threads, Duration.ofDays(7)))
                .open();
        try (Tutti tutti = Tutti.on(backend).start()) {
            DataSource database = backend.database();
            JobOptions options = JobOptions.DEFAULT.withAttempts(attempts);
            tutti.jobs().register(KilledRound.KIND, options, job -> run(job, database));
            tutti.jobs().start();
            Commands.serve(Answer.DONE, Map.of());
        }
        return 0;
    }

    /** Half of the time passes between the effect and its commit, the other half between that and the end of the attempt. */
    private void run(JobContext job, DataSource database) throws SQLException, InterruptedException {
        int number = Integer.parseInt(job.data().toString());
        Duration half = Duration.ofMillis(work).dividedBy(2);
        try (Connection transaction = database.getConnection()) {
            transaction.setAutoCommit(false);
            int inserted = job.fenced(transaction, open -> EFFECT.update(open, number, job.attempt(), number));
            assert inserted <= 1;
            Thread.sleep(half);
            transaction.commit();
        }
        Thread.sleep(half);
    }
}
