package dev.tutti.faults;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.judge.CacheJudge;
import dev.tutti.faults.judge.FeedVersionJudge;
import dev.tutti.faults.judge.JobJudge;
import dev.tutti.faults.judge.Judges;
import dev.tutti.faults.judge.KeylessEventJudge;
import dev.tutti.faults.judge.LeaseJudge;
import dev.tutti.faults.judge.LogoutJudge;
import dev.tutti.faults.judge.LyingClientJudge;
import dev.tutti.faults.judge.MembershipJudge;
import dev.tutti.faults.judge.SocketMessageJudge;
import dev.tutti.faults.presence.PresenceWatch;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.Verdict;
import dev.tutti.testkit.nemesis.Nemesis;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One run: starts a cluster, connects clients that talk to one another, carries out the plan, lets everything settle, and
 * judges what the clients saw. For one thread; blocks.
 */
public final class FaultRun {
    private static final int VISITORS = 4;
    private static final Duration LOOK = Duration.ofMillis(100);
    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(40);

    private final RunSettings settings;
    private final Consumer<String> narrator;
    private final Random random;

    private FaultRun(RunSettings settings, Consumer<String> narrator) {
        this.settings = settings;
        this.narrator = narrator;
        this.random = new Random(settings.seed());
    }

    /** A run that tells {@code narrator}, from any thread, what happens: a line each. */
    public static FaultRun of(RunSettings settings, Consumer<String> narrator) {
        return new FaultRun(settings, narrator);
    }

    /**
     * Runs it. The history is then in the cluster's directory, in {@code history.txt}, beside the logs.
     *
     * @throws IOException if the bench itself failed
     */
    public Report run() throws IOException, InterruptedException {
        narrator.accept("seed " + settings.seed() + ", " + settings.time() + ", "
                + settings.cluster().instances() + " instances"
                + (settings.cluster().redis() ? " with Redis" : "")
                + ", " + settings.clients() + " clients");
        try (FaultCluster cluster = FaultCluster.start(settings.cluster());
                Api api = new Api()) {
            for (int i = 0; i < settings.cluster().instances(); i++) {
                if (!cluster.awaitReady(i)) {
                    throw new IOException("instance " + i + " is not ready; see " + directory());
                }
            }
            URI direct = cluster.direct().getFirst();
            try (Workload workload = Workload.gather(
                            api, direct, cluster.proxied(), settings.clients(), longestAbsence(), random);
                    PresenceWatch presence = presence(api, cluster, workload);
                    Judges judges = judges(api, cluster, workload)) {
                return torment(cluster, workload, presence, judges);
            }
        }
    }

    /** People of their own, as who talks is not always there when they believe it. */
    private PresenceWatch presence(Api api, FaultCluster cluster, Workload workload)
            throws IOException, InterruptedException {
        List<Account> visitors = new ArrayList<>();
        for (int i = 0; i < VISITORS; i++) {
            visitors.add(api.register(cluster.direct().getFirst(), "visitor" + i));
        }
        return PresenceWatch.of(cluster, visitors, api, workload.history(), new Random(random.nextLong()));
    }

    private Judges judges(Api api, FaultCluster cluster, Workload workload) throws IOException, InterruptedException {
        Account liar = api.register(cluster.direct().getFirst(), "liar");
        return new Judges()
                .with(MembershipJudge.of(cluster, settings.cluster().instances()))
                .with(SocketMessageJudge.of(cluster, new Random(random.nextLong())))
                .with(LyingClientJudge.of(
                        cluster, liar, Workload.ROOM, workload.closed(), new Random(random.nextLong())))
                .with(KeylessEventJudge.of(cluster, liar, new Random(random.nextLong())))
                .with(LogoutJudge.of(cluster, new Random(random.nextLong())))
                .with(LeaseJudge.of(cluster))
                .with(JobJudge.of(cluster))
                .with(FeedVersionJudge.of(cluster, liar))
                .with(CacheJudge.of(cluster, new Random(random.nextLong())));
    }

    private Report torment(FaultCluster cluster, Workload workload, PresenceWatch presence, Judges judges)
            throws IOException, InterruptedException {
        Nemesis nemesis = new Nemesis(cluster, narrator);
        List<Finding> findings = new ArrayList<>();
        List<String> measured = new ArrayList<>();
        int instances = settings.cluster().instances();
        try (Watch watch = Watch.over(cluster, instances, settings.cluster().connections(), workload.history())) {
            workload.talk(pause());
            List<Finding> first = carryOut(nemesis, new FirstFindings(workload, watch, judges));
            if (!first.isEmpty()) {
                return report(nemesis, cluster, workload, soFar(workload, first), List.of(), watch.lines());
            }
            cluster.calm();
            long calm = System.nanoTime();
            for (int i = 0; i < instances; i++) {
                if (!cluster.awaitReady(i)) {
                    findings.add(new Finding(Fault.STUCK, "instance-" + i, "is not ready though all is well again"));
                }
            }
            findings.addAll(workload.fallSilent(settings.patience()));
            Log log = workload.log();
            boolean settled = workload.settles(log, settings.patience());
            measured.add("everything had arrived " + (settled ? "" : "not even ")
                    + Duration.ofNanos(System.nanoTime() - calm).toMillis() + " ms after the last trouble");
            workload.leave();
            findings.addAll(cluster.findings());
            findings.addAll(workload.refusals());
            findings.addAll(watch.findings());
            findings.addAll(presence.findings());
            findings.addAll(judges.findings());
            measured.addAll(workload.lines());
            measured.addAll(watch.lines());
            measured.add(presence.line());
            measured.addAll(judges.lines());
            presence.write(directory().resolve("presence.txt"));
            return report(nemesis, cluster, workload, workload.verdict(log), findings, measured);
        }
    }

    /** Has the plan carried out, until that is done or, if this is wanted, something is found. */
    private List<Finding> carryOut(Nemesis nemesis, FirstFindings findings) throws IOException, InterruptedException {
        FutureTask<@Nullable Void> trouble = new FutureTask<>(() -> {
            long begin = System.nanoTime();
            nemesis.run(settings.plan());
            Thread.sleep(Duration.ofNanos(Math.max(0, settings.time().toNanos() - (System.nanoTime() - begin))));
            return null;
        });
        Thread.ofVirtual().name("trouble").start(trouble);
        while (settings.untilFound() && !trouble.isDone()) {
            List<Finding> found = findings.now();
            if (!found.isEmpty()) {
                trouble.cancel(true);
                return found;
            }
            Thread.sleep(LOOK);
        }
        try {
            trouble.get();
        } catch (ExecutionException failure) {
            throw new IOException("the plan could not be carried out", failure.getCause());
        }
        return List.of();
    }

    private static Verdict soFar(Workload workload, List<Finding> findings) {
        Verdict numbers = workload.verdict(new Log(Map.of(), Map.of()));
        return new Verdict(
                findings,
                numbers.sent(),
                numbers.acknowledged(),
                numbers.refused(),
                numbers.unknown(),
                numbers.received());
    }

    private Report report(
            Nemesis nemesis,
            FaultCluster cluster,
            Workload workload,
            Verdict verdict,
            List<Finding> findings,
            List<String> measured)
            throws IOException {
        Report report = new Report(
                settings.seed(), settings.time(), nemesis.counts(), cluster.starts(), verdict, findings, measured);
        workload.history().write(directory().resolve("history.txt"));
        Files.writeString(directory().resolve("report.txt"), report + "\n");
        return report;
    }

    /** The longer the run, the more slowly people speak, so that the history of hours fits into memory. */
    private Duration pause() {
        return settings.time().compareTo(Duration.ofMinutes(5)) < 0 ? Duration.ofMillis(60) : Duration.ofMillis(200);
    }

    /** There shall be some also in a short run. */
    private Duration longestAbsence() {
        Duration part = settings.time().dividedBy(3);
        return part.compareTo(LONGEST_ABSENCE) < 0 ? part : LONGEST_ABSENCE;
    }

    private Path directory() {
        return settings.cluster().directory();
    }
}
