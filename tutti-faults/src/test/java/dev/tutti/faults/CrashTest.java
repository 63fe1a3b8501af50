package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.history.Entry;
import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.HistoryChecker;
import dev.tutti.testkit.history.Verdict;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise that an acknowledged event is durable, for one process. {@code -Dtutti.crash.seconds=600} makes the test longer,
 * {@code -Dtutti.crash.seed=1} repeats its choices, though not what threads and disks make of them.
 */
class CrashTest {
    private static final Duration TIME =
            Duration.ofSeconds(Long.getLong("tutti.crash.seconds", Boolean.getBoolean("tests.long") ? 120 : 5));
    private static final long SEED = Long.getLong("tutti.crash.seed", System.nanoTime());
    private static final Duration PAUSE = Duration.ofMillis(60);
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int PEOPLE = 6;

    @TempDir
    Path directory;

    private final Random random = new Random(SEED);

    @Test
    void whatWasAcknowledgedIsThereOnceAndInOrderHoweverOftenTheServerIsKilled() throws Exception {
        System.out.println("crash test: seed " + SEED + ", " + TIME.toSeconds() + " s");
        Launch launch = Launch.tutti(RehearsedServer.command(), directory, Ports.free())
                .sharing(Path.of("target", "postgres"))
                .with("TUTTI_ACCESS_TTL", "24h");
        URI address = launch.address();
        try (ServerProcess server = ServerProcess.start(launch);
                Api api = new Api();
                Workload workload =
                        Workload.gather(api, address, List.of(address), PEOPLE, TIME.dividedBy(3), random)) {
            workload.talk(PAUSE);
            Killer killer = new Killer(server, random, workload::acknowledged);
            killer.run(TIME);
            assertThat(workload.fallSilent(PATIENCE)).isEmpty();
            Log log = workload.log();
            assertThat(workload.settles(log, PATIENCE)).as("everything arrives").isTrue();
            workload.leave();

            Verdict verdict = workload.verdict(log);
            System.out.println("crash test: seed " + SEED + ", " + killer.kills() + " kills, " + killer.databaseKills()
                    + " of them with PostgreSQL; " + verdict);
            assertThat(verdict.findings()).as(verdict.toString()).isEmpty();
            assertThat(workload.refusals()).isEmpty();
            assertThat(verdict.acknowledged()).isGreaterThan(killer.kills());
            assertThatAPlantedLossIsFound(workload, log);
        }
    }

    /** That this test can fail: from what really happened one delivery is taken away, or repeated. */
    private void assertThatAPlantedLossIsFound(Workload workload, Log log) {
        List<Entry> entries = workload.history().entries();
        int[] deliveries = IntStream.range(0, entries.size())
                .filter(i -> entries.get(i) instanceof Entry.Received)
                .toArray();
        List<Entry> lost = new ArrayList<>(entries);
        Entry dropped = lost.remove(deliveries[random.nextInt(deliveries.length)]);
        assertThat(faults(lost, workload, log)).as("without " + dropped).containsExactly(Fault.LOST);
        List<Entry> repeated = new ArrayList<>(entries);
        repeated.add(dropped);
        assertThat(faults(repeated, workload, log))
                .as("with a second " + dropped)
                .containsExactly(Fault.DUPLICATE);
    }

    private static List<Fault> faults(List<Entry> entries, Workload workload, Log log) {
        return HistoryChecker.check(entries, log.events(), log.dropped(), workload.expected()).findings().stream()
                .map(Finding::fault)
                .toList();
    }
}
