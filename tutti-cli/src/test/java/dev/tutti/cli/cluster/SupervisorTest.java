package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.cluster.RestartState.Gone;
import dev.tutti.cli.cluster.RestartState.Ready;
import dev.tutti.testkit.process.Signals;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SupervisorTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StringWriter told = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void whoIsKilledIsStartedAgainAndWhoIsDismissedIsNot() throws Exception {
        Supervisor supervisor = supervisor("sleep 300").start();
        assertThat(supervisor.awaitReady(PATIENCE)).isTrue();
        long killed = supervisor.kill().orElseThrow();

        await().atMost(PATIENCE).until(() -> supervisor.phase() instanceof Ready && pid(supervisor) != killed);
        supervisor.end(PATIENCE);

        assertThat(supervisor.phase()).isEqualTo(new Gone());
        assertThat(supervisor.kill()).isEmpty();
        assertThat(told.toString()).contains("died (exit 137), restarting in 0.5 s", "left (exit 143)");
    }

    @Test
    void whoDoesNotListenIsKilledWhenTheTimeIsOver() throws Exception {
        Supervisor supervisor = supervisor("trap '' TERM; echo deaf > deaf; while :; do sleep 1; done")
                .start();
        await().atMost(PATIENCE).until(() -> directory.resolve("deaf").toFile().exists());

        supervisor.end(Duration.ofMillis(100));

        assertThat(supervisor.phase()).isEqualTo(new Gone());
        assertThat(told.toString()).contains("did not leave within 0.1 s; killed");
    }

    @Test
    void whoIsRestartedHasAnotherProcess() throws Exception {
        Supervisor supervisor = supervisor("sleep 300").start();
        assertThat(supervisor.awaitReady(PATIENCE)).isTrue();
        long before = pid(supervisor);

        assertThat(supervisor.restart(PATIENCE)).isTrue();

        assertThat(pid(supervisor)).isNotEqualTo(before);
        supervisor.end(PATIENCE);
    }

    @Test
    void aProgramThatIsNotThereIsTold() throws Exception {
        Supervisor supervisor = supervisor("exec /no/such/program").start();

        await().atMost(PATIENCE).until(() -> told.toString().contains("died (exit 127)"));
        supervisor.end(PATIENCE);
    }

    @Test
    void whoIsDismissedBeforeItHasAProcessIsGone() throws Exception {
        for (int round = 0; round < 20; round++) {
            Supervisor supervisor = supervisor("sleep 300").start();

            supervisor.dismiss(); // mostly earlier than the thread that starts the process

            await().atMost(PATIENCE).until(() -> supervisor.phase() instanceof Gone);
        }
    }

    @Test
    void whoIsToBeRestartedBeforeItHasAProcessIsStarted() throws Exception {
        for (int round = 0; round < 20; round++) {
            Supervisor supervisor = supervisor("sleep 300").start();

            assertThat(supervisor.restart(PATIENCE)).isTrue();

            supervisor.end(PATIENCE);
        }
    }

    @Test
    void whoseAddressIsTakenIsNotReadyUntilItIsFree() throws Exception {
        Supervisor supervisor;
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Address taken = Address.loopback(other.getLocalPort());
            supervisor = supervisor("sleep 300", taken).start();

            assertThat(supervisor.awaitReady(PATIENCE)).isFalse();
            assertThat(told.toString())
                    .contains("cannot be started: another program listens on " + taken + ", restarting in 0.5 s")
                    .doesNotContain("ready on");
        }
        await().atMost(PATIENCE).until(() -> supervisor.phase() instanceof Ready);
        supervisor.end(PATIENCE);
    }

    @Test
    void whatWasStartedByWhoIsKilledIsKilledToo() throws Exception {
        Supervisor supervisor =
                supervisor("sleep 300 & echo $! > new; mv new child; wait").start();
        Path child = directory.resolve("child");
        await().atMost(PATIENCE).until(() -> child.toFile().exists());
        long pid = Long.parseLong(Files.readString(child).strip());
        ProcessHandle started = ProcessHandle.of(pid).orElseThrow();

        supervisor.kill();

        // what nobody asks for its status has no command any more
        await().atMost(PATIENCE).until(() -> started.info().command().isEmpty());
        await().atMost(PATIENCE).until(() -> told.toString().contains("died (exit 137)"));
        assertThat(told.toString()).contains("left processes behind: 1; killed");
        supervisor.end(PATIENCE);
    }

    @Test
    void whoIsStartingIsToldToReadAgainWhenItListens() throws Exception {
        Path listening = directory.resolve("listening");
        Path heard = directory.resolve("heard");
        String script = "until [ -e go ]; do sleep 0.05; done; trap 'echo again >> heard' HUP; echo > listening;"
                + " while :; do sleep 0.05; done";
        Supervisor supervisor = supervisor(script, Address.loopback(1), () -> Files.exists(listening))
                .start();
        await().atMost(PATIENCE).until(() -> supervisor.process().isPresent());

        supervisor.reload(); // a signal would end it now
        Files.createFile(directory.resolve("go"));

        await().atMost(PATIENCE).until(() -> Files.exists(heard));
        supervisor.reload();
        await().atMost(PATIENCE).until(() -> Files.readAllLines(heard).size() == 2);
        supervisor.end(PATIENCE);
        assertThat(told.toString()).doesNotContain("died");
    }

    @Test
    void whoWasNeverStartedEndsAtOnce() throws Exception {
        Supervisor supervisor = supervisor("sleep 300");

        supervisor.end(PATIENCE);

        assertThat(supervisor.phase()).isEqualTo(new Gone());
        assertThat(told.toString()).isEmpty();
    }

    @Test
    void aProgramThatIsNotReadyInTheTimeThatItHasByTheTickerIsKilled() throws Exception {
        AtomicLong now = new AtomicLong();
        Supervisor supervisor = supervisor("sleep 300", Address.loopback(1), () -> false, now::get)
                .start();
        await().atMost(PATIENCE).until(() -> supervisor.process().isPresent());

        now.addAndGet(Supervisor.START_LIMIT.toNanos() + 1);

        await().atMost(PATIENCE).until(() -> told.toString().contains("is not ready after 120 s; killed"));
        supervisor.end(PATIENCE);
    }

    private Supervisor supervisor(String script) {
        return supervisor(script, Address.loopback(1));
    }

    private Supervisor supervisor(String script, Address address) {
        return supervisor(script, address, () -> !script.contains("/no/such"));
    }

    private Supervisor supervisor(String script, Address address, BooleanSupplier ready) {
        return supervisor(script, address, ready, System::nanoTime);
    }

    private Supervisor supervisor(String script, Address address, BooleanSupplier ready, LongSupplier ticker) {
        SupervisedProgram program = new SupervisedProgram(
                "test",
                Signals.hearingHangups(
                        List.of("/bin/sh", "-c", script.equals("sleep 300") ? "exec " + script : script)),
                Map.of(),
                directory,
                address,
                Signal.TERM,
                ready);
        return new Supervisor(
                program,
                new ProcessRegistry(directory.resolve("processes")),
                new StatusLines(new PrintWriter(told, true)),
                ticker);
    }

    private static long pid(Supervisor supervisor) {
        return supervisor.process().map(ProcessHandle::pid).orElse(0L);
    }
}
