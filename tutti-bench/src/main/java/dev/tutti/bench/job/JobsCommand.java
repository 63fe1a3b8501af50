package dev.tutti.bench.job;

import dev.tutti.bench.job.JobRound.Load;
import dev.tutti.bench.measure.BenchCommand;
import dev.tutti.bench.measure.Histograms;
import dev.tutti.bench.measure.Medians;
import dev.tutti.bench.measure.Table;
import dev.tutti.bench.subject.Durable;
import dev.tutti.bench.subject.Peer;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code tutti bench jobs}: jobs enqueued and done per second. */
@Command(
        name = "jobs",
        mixinStandardHelpOptions = true,
        description = "Jobs enqueued and done per second, and how soon one begins, beside db-scheduler alone.")
public final class JobsCommand extends BenchCommand {
    private static final int SHARE_OF_WARM_UP = 10;
    private static final int OURS = 2; // without a peer
    private static final Duration WORK = Duration.ofMillis(5); // of a job whose runner may be killed

    @Option(names = "--jobs", defaultValue = "20000", description = "Jobs of a round (${DEFAULT-VALUE}).")
    private int jobs;

    @Option(names = "--callers", defaultValue = "8", description = "Callers that enqueue at a time (${DEFAULT-VALUE}).")
    private int callers;

    @Option(
            names = "--together",
            defaultValue = "1",
            description = "Jobs that are enqueued in one call (${DEFAULT-VALUE}).")
    private int together;

    @Option(names = "--threads", defaultValue = "16", description = "Jobs that run at a time (${DEFAULT-VALUE}).")
    private int threads;

    @Option(names = "--rounds", defaultValue = "3", description = "Rounds of each (${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--peer",
            description = "graphile-worker on Node as well, installed by npm, as it comes and with its batches.")
    private boolean peer;

    @Option(
            names = "--kill",
            defaultValue = "0",
            description =
                    "How often the process that runs the jobs is killed in a round; more than 0 measures that alone"
                            + " (${DEFAULT-VALUE}).")
    private int kill;

    @Override
    protected void run(PrintWriter out) {
        require("--jobs", jobs, 10, 1_000_000);
        require("--callers", callers, 1, 1_000);
        require("--together", together, 1, 1_000);
        require("--threads", threads, 1, 200);
        require("--rounds", rounds, 1, 1_000);
        require("--kill", kill, 0, KilledRound.MOST_KILLS);
        if (kill > 0) {
            require("--threads", threads, 1, KilledRound.MOST_THREADS);
            out.println(killed());
            return;
        }
        try (Durable durable = new Durable(2 * (threads + JobSystem.MORE_CONNECTIONS));
                Peer node = peer ? Peer.graphileWorker(out) : Peer.none()) {
            out.println(measured(durable, node));
        }
    }

    private Table killed() {
        KilledRound.Load load = new KilledRound.Load(jobs, threads, kill, WORK);
        try (Durable durable = new Durable(load.connections())) {
            Table table = new Table(
                    "jobs: their process, of %d threads, gets SIGKILL %d times while they run; a job takes %d ms; durable; %s"
                            .formatted(threads, kill, WORK.toMillis(), durable.version()),
                    "round",
                    "jobs",
                    "attempts",
                    "effect once",
                    "seconds");
            for (int round = 1; round <= rounds; round++) {
                KilledRound measured = KilledRound.of(durable.newDatabase("killed_" + round), load);
                table.row(
                        "" + round,
                        Table.count(measured.jobs()),
                        Table.count(measured.attempts()),
                        Table.count(measured.once()),
                        String.format(Locale.ROOT, "%.1f", measured.time().toMillis() / 1e3));
            }
            table.note(
                    "the effect: a row, inserted in the fenced transaction unless an attempt before has; the run fails if"
                            + " one is missing or there twice");
            table.note(
                    "seconds: from the start of the first process until all jobs are completed, the starts of the others"
                            + " included");
            return table;
        }
    }

    private Table measured(Durable durable, Peer node) {
        Map<String, JobSystem.Kind> kinds = new LinkedHashMap<>();
        kinds.put("db-scheduler alone", PlainScheduler::new);
        kinds.put("Jobs", TuttiJobs::new);
        node.installed().ifPresent(it -> {
            kinds.put(it.name(), peerOf(it, GraphileWorker.NO_BATCH));
            kinds.put(it.name() + ", in batches", peerOf(it, GraphileWorker.BATCH));
        });
        Map<String, List<JobRound>> results = new LinkedHashMap<>();
        for (int round = 0; round <= rounds; round++) {
            boolean counts = round > 0; // the first is the compilers' turn
            Load load = new Load(counts ? jobs : jobs / SHARE_OF_WARM_UP, together, callers, threads);
            int number = 0;
            for (Map.Entry<String, JobSystem.Kind> each : kinds.entrySet()) {
                String url = durable.newDatabase("jobs_" + round + "_" + number++);
                JobRound measured = JobRound.of(each.getValue(), url, load);
                if (counts) {
                    results.computeIfAbsent(each.getKey(), _ -> new ArrayList<>())
                            .add(measured);
                }
            }
        }
        return table(results, durable.version());
    }

    private static JobSystem.Kind peerOf(Peer.Installed installed, int batch) {
        return (url, most, run) -> new GraphileWorker(installed, batch, url, most, run);
    }

    private Table table(Map<String, List<JobRound>> results, String version) {
        Table table = new Table(
                "jobs: %d enqueued by %d callers, %d in a call, then run by %d threads, durable; medians of %d rounds; %s"
                        .formatted(jobs, callers, together, threads, rounds, version),
                "",
                "enqueued/s",
                "of alone",
                "done/s",
                "of alone",
                "begun after p50 ms",
                "p99 ms");
        List<JobRound> alone = results.values().iterator().next();
        double aloneEnqueued = Medians.of(alone, JobRound::enqueuedPerSecond);
        double aloneDone = Medians.of(alone, JobRound::donePerSecond);
        results.forEach((name, runs) -> {
            double enqueued = Medians.of(runs, JobRound::enqueuedPerSecond);
            double done = Medians.of(runs, JobRound::donePerSecond);
            Histogram begin = Histograms.sum(runs, JobRound::begin);
            table.row(
                    name,
                    Table.count(enqueued),
                    Table.ratio(enqueued, aloneEnqueued),
                    Table.count(done),
                    Table.ratio(done, aloneDone),
                    Table.millis(begin, 50),
                    Table.millis(begin, 99));
        });
        table.note("alone: a row until the job is done, and nothing of it afterwards; begun at once only in the process"
                + " that enqueued it");
        table.note(
                "Jobs: states, attempts and errors that stay, an event for each change, and a hint to all instances");
        if (results.size() > OURS) {
            table.note(
                    "peer: a row until the job is done, added by its functions in SQL; its process says over a socket"
                            + " which jobs have run; in batches: " + GraphileWorker.BATCH
                            + " fetched and ended at a time");
        }
        return table;
    }
}
