package dev.tutti.cli.proof;

import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A {@code tutti cluster}: three instances behind nginx, which knows nothing of stickiness, on one PostgreSQL. */
public final class Several {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private Several() {}

    /** How it is started, on a port that is free now; {@code options} are more of its own, such as {@code --redis}. */
    public static Launch launch(Path directory, String... options) throws IOException {
        int port = Ports.free();
        List<String> command = new ArrayList<>(Solo.program());
        command.addAll(List.of("cluster", "3", "--balancer", "nginx"));
        command.addAll(List.of(options));
        Map<String, String> environment = Map.of(
                "HOST", "127.0.0.1",
                "PORT", Integer.toString(port),
                "TUTTI_DATA_DIR", directory.resolve("data").toString());
        return Solo.withDatabase(
                new Launch(command, environment, directory, URI.create("http://127.0.0.1:" + port), PATIENCE)
                        .sharing(Solo.PROGRAMS));
    }
}
