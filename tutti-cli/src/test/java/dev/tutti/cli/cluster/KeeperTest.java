package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.cluster.Life.Gone;
import dev.tutti.cli.cluster.Life.Ready;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeeperTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StringWriter told = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void whoIsKilledIsStartedAgainAndWhoIsDismissedIsNot() throws Exception {
        Keeper keeper = keeper("sleep 300").start();
        assertThat(keeper.awaitReady(PATIENCE)).isTrue();
        long killed = keeper.kill().orElseThrow();

        await().atMost(PATIENCE).until(() -> keeper.phase() instanceof Ready && pid(keeper) != killed);
        keeper.end(PATIENCE);

        assertThat(keeper.phase()).isEqualTo(new Gone());
        assertThat(keeper.kill()).isEmpty();
        assertThat(told.toString()).contains("died (exit 137), restarting in 0.5 s", "left (exit 143)");
    }

    @Test
    void whoDoesNotListenIsKilledWhenTheTimeIsOver() throws Exception {
        Keeper keeper = keeper("trap '' TERM; echo deaf > deaf; while :; do sleep 1; done")
                .start();
        await().atMost(PATIENCE).until(() -> directory.resolve("deaf").toFile().exists());

        keeper.end(Duration.ofMillis(100));

        assertThat(keeper.phase()).isEqualTo(new Gone());
        assertThat(told.toString()).contains("did not leave within 0.1 s; killed");
    }

    @Test
    void whoIsRestartedHasAnotherProcess() throws Exception {
        Keeper keeper = keeper("sleep 300").start();
        assertThat(keeper.awaitReady(PATIENCE)).isTrue();
        long before = pid(keeper);

        assertThat(keeper.restart(PATIENCE)).isTrue();

        assertThat(pid(keeper)).isNotEqualTo(before);
        keeper.end(PATIENCE);
    }

    @Test
    void aProgramThatIsNotThereIsTold() throws Exception {
        Keeper keeper = keeper("exec /no/such/program").start();

        await().atMost(PATIENCE).until(() -> told.toString().contains("died (exit 127)"));
        keeper.end(PATIENCE);
    }

    @Test
    void whoWasNeverStartedEndsAtOnce() throws Exception {
        Keeper keeper = keeper("sleep 300");

        keeper.end(PATIENCE);

        assertThat(keeper.phase()).isEqualTo(new Gone());
        assertThat(told.toString()).isEmpty();
    }

    private Keeper keeper(String script) {
        Program program = new Program(
                "test",
                List.of("/bin/sh", "-c", script.startsWith("sleep") ? "exec " + script : script),
                Map.of(),
                directory,
                Address.loopback(1),
                Signal.TERM,
                () -> !script.contains("/no/such"));
        return new Keeper(
                program, new Ledger(directory.resolve("processes")), new StatusLines(new PrintWriter(told, true)));
    }

    private static long pid(Keeper keeper) {
        return keeper.process().map(ProcessHandle::pid).orElse(0L);
    }
}
