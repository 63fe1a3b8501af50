package dev.tutti.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.faults.cluster.ClusterSettings;
import dev.tutti.tck.history.Fault;
import dev.tutti.tck.history.Finding;
import dev.tutti.tck.nemesis.Act;
import dev.tutti.tck.nemesis.Plan;
import dev.tutti.tck.nemesis.Step;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The bench finds what it is there to find: servers that are wrong in one place are caught. */
class MutantsTest {
    private static final Duration TIME = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final Plan KILLS = new Plan(List.of(kill(2, 0), kill(5, 1), kill(8, 0)));
    private static final String CORE = "tutti-core/src/main/java/dev/tutti/core/stream/";

    @TempDir
    Path directory;

    @Test
    void anAcknowledgementBeforeTheCommitIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        "tutti-postgres/src/main/java/dev/tutti/postgres/PostgresStreamStore.java",
                        "return run(connection -> append(connection, timeoutSeconds, appends));",
                        """
                        try {
                            Connection connection = database.getConnection();
                            connection.setAutoCommit(false);
                            List<Appended> early = append(connection, timeoutSeconds, appends);
                            Thread.startVirtualThread(() -> {
                                try (connection) {
                                    Thread.sleep(200);
                                    connection.commit();
                                    connection.setAutoCommit(true);
                                } catch (Exception lost) {
                                }
                            });
                            return early;
                        } catch (SQLException e) {
                            throw PostgresFailure.of(e);
                        }""");
        assertThat(faultsOf(mutant, KILLS)).contains(Fault.LOST);
    }

    @Test
    void anEventThatIsSkippedAfterAReconnectIsCaught() throws Exception {
        Mutant mutant = mutant().with(
                        CORE + "StreamSubscription.java",
                        "cursor.seen(),\n                result ->",
                        "cursor.seen() + 1,\n                result ->");
        assertThat(faultsOf(mutant, KILLS)).contains(Fault.LOST);
    }

    @Test
    void aSweepThatIsForgottenIsCaughtWhenHintsAreLost() throws Exception {
        Mutant mutant = mutant().with(CORE + "Sweep.java", "            hub.known(outstanding);\n", "")
                .with(
                        CORE + "StreamHub.java",
                        "topics.publish(events.getFirst().stream().value(), StreamHint.bytes(events));",
                        "");
        assertThat(faultsOf(mutant, new Plan(List.of()))).contains(Fault.LOST);
    }

    private Mutant mutant() {
        return new Mutant(directory.resolve("mutant"));
    }

    private List<Fault> faultsOf(Mutant mutant, Plan plan) throws IOException, InterruptedException {
        List<String> program = Program.command(mutant.classes());
        ClusterSettings cluster = new ClusterSettings(directory.resolve("cluster"), program, 2, false);
        RunSettings settings = new RunSettings(1, TIME, 4, cluster).with(plan, PATIENCE);
        Report report = FaultRun.of(settings, System.out::println).run();
        System.out.println(report);
        return report.findings().stream().map(Finding::fault).distinct().toList();
    }

    private static Step kill(int second, int instance) {
        return new Step(Duration.ofSeconds(second), new Act.Kill(instance), Duration.ofMillis(200));
    }
}
