package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.testkit.client.Api;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The first start of several workers, which takes as long as one of them needs for the database. */
class WorkerProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final StringWriter told = new StringWriter();

    @TempDir
    private Path directory;

    @Test
    void aFirstStartOfUnusualLengthIsWaitedForWhileNoWorkerIsReady() throws Exception {
        Path migrated = directory.resolve("migrated");
        Supervisor one = supervisor("one", PATIENCE, () -> Files.exists(migrated));
        Supervisor two = supervisor("two", PATIENCE, () -> Files.exists(migrated));
        WorkerProcesses workers = new WorkerProcesses(List.of(one, two), PATIENCE, Duration.ZERO);
        try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<Boolean> start = started(executor, workers);
            await().atMost(PATIENCE)
                    .until(() -> one.process().isPresent() && two.process().isPresent());

            Files.createFile(migrated);

            assertThat(start.get(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            workers.end();
        }
        assertThat(told.toString()).doesNotContain("died", "; killed");
    }

    @Test
    void aWorkerThatIsNotReadyInTheUsualTimeDoesNotHoldUpTheOthers() throws Exception {
        Supervisor one = supervisor("one", PATIENCE, () -> false);
        Supervisor two = supervisor("two", PATIENCE, () -> true);
        WorkerProcesses workers = new WorkerProcesses(List.of(one, two), PATIENCE, Duration.ZERO);
        try {
            workers.start();

            assertThat(two.standing()).startsWith("ready on ");
        } finally {
            workers.end();
        }
    }

    @Test
    void aWorkerThatHangsInItsFirstStartIsKilledWhenAnotherIsReady() throws Exception {
        Supervisor one = supervisor("one", Duration.ofHours(1), () -> false);
        Supervisor two = supervisor("two", PATIENCE, () -> true);
        WorkerProcesses workers = new WorkerProcesses(List.of(one, two), PATIENCE, Duration.ZERO);
        try {
            workers.start();

            await().atMost(PATIENCE).until(() -> told.toString().contains("; killed"));
        } finally {
            workers.end();
        }
    }

    @Test
    void aFirstStartBeyondItsLimitIsKilled() throws Exception {
        Supervisor one = supervisor("one", Duration.ofMillis(300), () -> false);
        WorkerProcesses workers = new WorkerProcesses(List.of(one), PATIENCE);
        try {
            assertThatThrownBy(workers::start)
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContaining("no worker starts");
        } finally {
            workers.end();
        }
        assertThat(told.toString()).contains("is not ready after 0.3 s; killed", "died (exit 137)");
    }

    @Test
    void anInstanceMayMigrateAtItsFirstStartForAsLongAsMigrationsMay() {
        try (HttpClient http = Api.httpClient()) {
            SupervisedProgram program = new WorkerProgram(defaults(), Map.of(), 2, http)
                    .at("worker-1", Address.loopback(1), Optional.empty());

            assertThat(program.firstStart())
                    .as("an hour for a statement, ten minutes for another instance")
                    .isGreaterThan(Duration.ofMinutes(70));
        }
    }

    private static Future<Boolean> started(ExecutorService executor, WorkerProcesses workers) {
        return executor.submit(() -> {
            workers.start();
            return true;
        });
    }

    private Supervisor supervisor(String name, Duration firstStart, BooleanSupplier ready) {
        Address nowhere = Address.loopback(1);
        SupervisedProgram program = new SupervisedProgram(
                name,
                List.of("/bin/sh", "-c", "exec sleep 300"),
                Map.of(),
                directory,
                nowhere,
                nowhere,
                Signal.TERM,
                firstStart,
                ready);
        return new Supervisor(
                program,
                new ProcessRegistry(directory.resolve("processes-" + name)),
                new StatusLines(new PrintWriter(told, true)),
                System::nanoTime);
    }

    private static Configuration defaults() {
        return switch (Configuration.of(List.of(new SettingSource("environment", Map.of())))) {
            case Configuration.Valid(Configuration configuration) -> configuration;
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
