package dev.tutti.cli.proof;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Instances of the program, each a process of its own, over one PostgreSQL. For one thread at a time. */
public final class EqualInstances implements AutoCloseable {
    private final EmbeddedDatabase postgres;
    private final List<ServerProcess> processes = new ArrayList<>();
    private final List<ServerApi> apis = new ArrayList<>();

    private EqualInstances(EmbeddedDatabase postgres) {
        this.postgres = postgres;
    }

    /** Starts {@code count} of them with {@link Solo#SECRET} and {@code settings}, and waits until all are ready. */
    public static EqualInstances start(Path directory, int count, Map<String, String> settings)
            throws IOException, InterruptedException {
        EqualInstances started = new EqualInstances(EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS))));
        try {
            for (int i = 0; i < count; i++) {
                started.spawn(Files.createDirectories(directory.resolve("i" + i)), settings);
            }
            for (ServerProcess process : started.processes) {
                process.awaitReady();
                started.apis.add(new ServerApi(process.launch().address()));
            }
            return started;
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            started.close();
            throw failure;
        }
    }

    private void spawn(Path directory, Map<String, String> settings) throws IOException {
        ServerProcess process = ServerProcess.of(Solo.bare(directory)
                .with("DATABASE_URL", postgres.url())
                .with("JWT_SECRET", Solo.SECRET)
                .with(settings));
        processes.add(process);
        process.spawn();
    }

    /** Their database. */
    public EmbeddedDatabase postgres() {
        return postgres;
    }

    /** The processes, in the order in which they were started. */
    public List<ServerProcess> processes() {
        return processes;
    }

    /** How each of them is asked, in the same order. */
    public List<ServerApi> apis() {
        return apis;
    }

    @Override
    public void close() {
        apis.forEach(ServerApi::close);
        processes.forEach(ServerProcess::close);
        postgres.close();
    }
}
