package dev.tutti.cli.proof;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Three processes over one PostgreSQL: {@code web} answers clients alone, and the runners {@code one} and {@code two} do what is to be
 * done besides. For one thread at a time.
 */
public final class WebAndRunners implements AutoCloseable {
    private static final String WEB = "web";
    private static final List<String> RUNNERS = List.of("one", "two");

    private final EmbeddedDatabase postgres;
    private final SequencedMap<String, ServerProcess> processes = new LinkedHashMap<>();
    private @Nullable ServerApi api;

    private WebAndRunners(EmbeddedDatabase postgres) {
        this.postgres = postgres;
    }

    /** Starts them with {@code settings}, the runners with {@code ofRunners} as well, and waits until all are ready. */
    public static WebAndRunners start(Path directory, Map<String, String> settings, Map<String, String> ofRunners)
            throws IOException, InterruptedException {
        WebAndRunners started = new WebAndRunners(EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS))));
        try {
            started.spawn(directory, WEB, settings, Map.of("APP_MODE", "http"));
            for (String name : RUNNERS) {
                started.spawn(directory, name, settings, ofRunners);
            }
            for (ServerProcess process : started.processes.values()) {
                process.awaitReady();
            }
            started.api = new ServerApi(started.process(WEB).launch().address());
            return started;
        } catch (IOException | InterruptedException | RuntimeException | Error failure) {
            started.close();
            throw failure;
        }
    }

    private void spawn(Path directory, String name, Map<String, String> settings, Map<String, String> more)
            throws IOException {
        Map<String, String> all = new LinkedHashMap<>(settings);
        all.putAll(more);
        processes.put(name, Solo.spawn(directory, name, postgres, all));
    }

    /** A new connection to their database. */
    public Connection connect() throws SQLException {
        return DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
    }

    /** The runner {@code name}; fails if it is none. */
    public ServerProcess runner(String name) {
        if (!RUNNERS.contains(name)) {
            throw new AssertionError(name + " is no runner");
        }
        return process(name);
    }

    private ServerProcess process(String name) {
        return Objects.requireNonNull(processes.get(name));
    }

    /** How the one that answers clients is asked. */
    public ServerApi api() {
        return Objects.requireNonNull(api);
    }

    @Override
    public void close() {
        if (api != null) {
            api.close();
        }
        processes.sequencedValues().reversed().forEach(ServerProcess::close);
        postgres.close();
    }
}
