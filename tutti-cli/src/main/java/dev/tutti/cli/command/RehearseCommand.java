package dev.tutti.cli.command;

import dev.tutti.core.InstanceId;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.LogSettings;
import dev.tutti.server.config.SettingSource;
import dev.tutti.server.log.LogLines;
import dev.tutti.server.wiring.Server;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/**
 * {@code tutti rehearse}: starts a server as {@code run} does, has it answer a few requests, and stops it. For the JVM, which
 * notes what is loaded and makes the AOT cache of it.
 */
@Command(name = "rehearse", hidden = true, description = "Starts a server, sends it a few requests, and stops it.")
final class RehearseCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final List<String> PATHS = List.of(
            "/", "/health", "/health/ready", "/api/instance", "/metrics", "/socket.io/?EIO=4&transport=polling");

    private static final String PERSON = """
            {"name": "rehearsal", "password": "a long enough one"}""";

    @Parameters(index = "0", description = "An empty directory for the data of the server.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws IOException, InterruptedException {
        SettingSource source = new SettingSource(
                "rehearsal",
                Map.of("PORT", "0", "TUTTI_DATA_DIR", directory.resolve("data").toString()));
        return switch (Configuration.of(List.of(source))) {
            case Configuration.Valid(Configuration configuration) -> rehearsed(configuration);
            case Configuration.Invalid _ -> CommandLine.ExitCode.SOFTWARE;
        };
    }

    private static int rehearsed(Configuration configuration) throws IOException, InterruptedException {
        LogLines.set(LogSettings.LogFormat.TEXT, LogSettings.LogLevel.INFO, InstanceId.random());
        try (Server server = Server.start(configuration, InstanceId.random(), Application.NONE);
                HttpClient client = HttpClient.newHttpClient()) {
            for (String path : PATHS) {
                ask(client, HttpRequest.newBuilder(server.address().resolve(path)));
            }
            ask(
                    client,
                    json(server.address().resolve("/api/auth/register"))
                            .POST(HttpRequest.BodyPublishers.ofString(PERSON)));
            return CommandLine.ExitCode.OK;
        } finally {
            LogLines.stop();
        }
    }

    private static HttpRequest.Builder json(URI address) {
        return HttpRequest.newBuilder(address).header("Content-Type", "application/json");
    }

    private static void ask(HttpClient client, HttpRequest.Builder request) throws IOException, InterruptedException {
        client.send(request.timeout(PATIENCE).build(), HttpResponse.BodyHandlers.discarding());
    }
}
