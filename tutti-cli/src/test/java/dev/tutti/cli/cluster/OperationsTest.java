package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restarts of two small programs behind nginx, which go wrong. */
class OperationsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** It crashes while there is a file {@code crash}. It is ready unless there is one of these two files. */
    private static final String SCRIPT = "if [ -e crash ]; then exit 7; fi; exec sleep 300";

    private static final List<String> NOT_READY = List.of("crash", "slow");

    private final StringWriter told = new StringWriter();
    private final StatusLines lines = new StatusLines(new PrintWriter(told, true));
    private final List<Supervisor> supervisors = new ArrayList<>();

    @TempDir
    private Path directory;

    private Balancer balancer;
    private WorkerProcesses workers;
    private Operations operations;

    @BeforeEach
    void start() throws Exception {
        ProcessRegistry registry = new ProcessRegistry(directory.resolve("processes"));
        Deque<Integer> ports = FreePorts.free(3);
        balancer = new NginxBalancer(
                Programs.require("nginx", "this test"),
                new BalancerParts(Address.loopback(ports.pop()), directory, registry, lines, System::nanoTime));
        for (String name : List.of("one", "two")) {
            Path own = Files.createDirectories(directory.resolve(name));
            SupervisedProgram program = new SupervisedProgram(
                    name,
                    List.of("/bin/sh", "-c", SCRIPT),
                    Map.of(),
                    own,
                    Address.loopback(ports.pop()),
                    Signal.TERM,
                    () -> NOT_READY.stream().map(own::resolve).noneMatch(Files::exists));
            supervisors.add(new Supervisor(program, registry, lines, System::nanoTime));
        }
        workers = new WorkerProcesses(supervisors, PATIENCE);
        workers.start();
        balancer.start(workers.all());
        operations = new Operations(workers, balancer);
    }

    @AfterEach
    void end() throws Exception {
        workers.end();
        balancer.end(PATIENCE);
    }

    @Test
    void aWorkerThatCrashesWhileItIsRestartedIsWaitedForAndHasRequestsAgain() throws Exception {
        Path crash = Files.createFile(directory.resolve("one/crash"));
        List<String> done = new CopyOnWriteArrayList<>();
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> restart = executor.submit(() -> {
                operations.run(List.of("restart"), done::add);
                return true;
            });
            await().atMost(PATIENCE).until(() -> told.toString().contains("died (exit 7), restarting in 0.5 s"));
            Files.delete(crash);

            restart.get();
        }

        assertThat(done).hasSize(2).allMatch(line -> line.endsWith(" restarted"));
        assertThat(routed()).containsExactly("one", "two");
    }

    @Test
    void aRestartThatIsInterruptedLeavesNoWorkerOutOfTheBalancer() throws Exception {
        Files.createFile(directory.resolve("one/slow"));
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> restart = executor.submit(() -> {
                operations.run(List.of("restart"), _ -> {});
                return true;
            });
            await().atMost(PATIENCE).until(() -> told.toString().contains("starting again"));
            assertThat(routed()).containsExactly("two");

            restart.cancel(true);
        }

        assertThat(routed()).containsExactly("one", "two");
    }

    /** The names of the workers that nginx is configured with. */
    private List<String> routed() throws IOException {
        String configuration = Files.readString(directory.resolve("tutti.conf"));
        return supervisors.stream()
                .map(Supervisor::program)
                .filter(program -> configuration.contains("server " + program.address()))
                .map(SupervisedProgram::name)
                .toList();
    }
}
