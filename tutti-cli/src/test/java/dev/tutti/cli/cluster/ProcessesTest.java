package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.testkit.client.ServerApi;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How many processes a run consists of, and the code of one's own that each of them has. */
@Tag("slow")
class ProcessesTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private static final String APPLICATION = """
            package example;
            public final class Greeting implements dev.tutti.server.Application {
                public void start(dev.tutti.server.ServerContext context) {
                    context.routes(routes -> routes.on("GET", "/greeting/:name",
                            request -> dev.tutti.http.Reply.ok("Hello, " + request.segment("name"))));
                    context.assets("/greetings/", "greetings");
                }
            }
            """;

    @Test
    void inProductionThereIsOneForEachCore() {
        int cores = Runtime.getRuntime().availableProcessors();

        assertThat(processes(Map.of("NODE_ENV", "production"))).isEqualTo(Math.min(cores, 8));
        assertThat(processes(Map.of("NODE_ENV", "development"))).isEqualTo(1);
        assertThat(processes(Map.of())).isEqualTo(1);
    }

    @Test
    void whatIsSaidOtherwiseCounts() {
        assertThat(processes(Map.of("NODE_ENV", "production", "TUTTI_PROCESSES", "1")))
                .isEqualTo(1);
        assertThat(processes(Map.of("TUTTI_PROCESSES", "3"))).isEqualTo(3);
    }

    @Test
    void eachProcessOfARunHasTheApplication(@TempDir Path directory) throws Exception {
        Path classes = compiled(directory.resolve("application"));
        Map<String, String> settings = Map.of("TUTTI_PROCESSES", "2", "TUTTI_APPLICATION", classes.toString());
        try (ClusterProcess cluster = ClusterProcess.run(directory, settings);
                ServerApi api = new ServerApi(cluster.address)) {
            Set<String> greeted = new HashSet<>();
            await().atMost(PATIENCE).until(() -> {
                HttpResponse<String> answer =
                        api.send("GET", "/greeting/Ann", null, null).response();
                assertThat(answer.body()).isEqualTo("Hello, Ann");
                greeted.addAll(answer.headers().allValues("X-Instance-Id"));
                return greeted.equals(Set.of("worker-1", "worker-2"));
            });

            assertThat(api.send("GET", "/greetings/card.txt", null, null)
                            .response()
                            .body())
                    .isEqualTo("Best wishes");
        }
    }

    /** The application's classes and files below {@code directory}. */
    private static Path compiled(Path directory) throws IOException {
        Path source =
                Files.createDirectories(directory.resolveSibling("sources")).resolve("Greeting.java");
        Files.writeString(source, APPLICATION);
        Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(directory.resolve("META-INF/services/dev.tutti.server.Application"), "example.Greeting\n");
        Files.writeString(
                Files.createDirectories(directory.resolve("greetings")).resolve("card.txt"), "Best wishes");
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(
                        null,
                        null,
                        null,
                        "-d",
                        directory.toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        source.toString());
        assertThat(failed).isZero();
        return directory;
    }

    private static int processes(Map<String, String> environment) {
        return switch (Configuration.of(List.of(new SettingSource("environment", environment)))) {
            case Configuration.Valid(Configuration configuration) -> LocalClusterSettings.processes(configuration);
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }
}
