package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** A server whose files are in a service that is away. */
@Tag("slow")
class FilesAwayTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Test
    void itStartsDegradedAndSaysWhyInHealthAndOnceInTheLog(@TempDir Path directory) throws Exception {
        try (ServerProcess server = ServerProcess.start(Solo.launch(directory)
                        .with("STORAGE_PROVIDER", "s3")
                        .with("S3_ENDPOINT", "http://127.0.0.1:" + Ports.free())
                        .with("S3_BUCKET", S3Process.BUCKET)
                        .with("S3_ACCESS_KEY_ID", S3Process.KEY)
                        .with("S3_SECRET_ACCESS_KEY", S3Process.SECRET));
                ServerApi api = new ServerApi(server.launch().address())) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                JsonNode health = api.get("/health", null);
                assertThat(health.path("status").asString()).isEqualTo("degraded");
                assertThat(health.path("checks").path("files").asString()).isEqualTo("unavailable");
                assertThat(health.path("reasons").path("files").asString()).contains("Connection refused");
            });
            assertThat(server.ready()).isTrue();

            FileClient client = new FileClient(server.launch().address(), api.register("ann."));
            for (int i = 0; i < 2; i++) {
                assertThat(FileClient.error(client.upload("a.bin", new byte[10])))
                        .isEqualTo("unavailable");
            }
            assertThat(server.output()).containsOnlyOnce("The store of files does not work");
        }
    }
}
