package dev.tutti.cli.proof.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.server.config.IdentitySettings;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.process.Usage;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Every row of the tables is sent to one real server; each gets exactly its answer, and the server is none the worse. */
@Tag("slow")
class HostileTest {
    private static final String SECRET = "a secret of forty characters, or so it is";
    private static final int AT_A_TIME = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    static final List<Hostile> ROWS = Stream.of(
                    HttpRows.ROWS,
                    JsonRows.ROWS,
                    TokenRows.ROWS,
                    AccessRows.ROWS,
                    RouteRows.ROWS,
                    KeyRows.ROWS,
                    FileRows.ROWS,
                    AccountRows.ROWS,
                    WebSocketRows.ROWS,
                    SocketIoRows.ROWS)
            .flatMap(List::stream)
            .toList();

    @TempDir
    Path directory;

    @Test
    void everyHostileInputGetsItsAnswerAndTheServerIsAsHealthyAsBefore() throws Exception {
        assertThat(ROWS).hasSizeGreaterThanOrEqualTo(60);
        try (ServerProcess server = ServerProcess.start(Solo.launch(directory)
                        .with("JWT_SECRET", SECRET.replace(' ', '-'))
                        .with("TUTTI_AUDIT", "on")
                        .with("TUTTI_RIGHTS", IdentitySettings.RIGHTS.fallback() + ",anybody:read:room:public-*"));
                ServerApi api = new ServerApi(server.launch().address())) {
            Victim victim = Victim.prepare(api, SECRET.replace(' ', '-'));
            talk(victim);
            await().atMost(PATIENCE).until(() -> isHealthy(api));
            Usage before = server.usage();

            Map<String, String> wrong = attack(victim);

            assertThat(wrong).as("answers that are not as they must be").isEmpty();
            assertThat(victim.scrutiny().leaks())
                    .as("answers that speak of the server's insides")
                    .isEmpty();
            await().atMost(PATIENCE).until(() -> isHealthy(api));
            talk(victim);
            assertThat(errors(server.output())).as("errors in the server's log").isEmpty();
            await("threads and files are given back").atMost(PATIENCE).untilAsserted(() -> {
                Usage after = server.usage();
                assertThat(after.threads()).isLessThanOrEqualTo(before.threads() + 10);
                assertThat(after.files()).isLessThanOrEqualTo(before.files() + 10);
                assertThat(after.heapBytes()).isLessThanOrEqualTo(before.heapBytes() + 16 * 1024 * 1024);
            });
        }
    }

    private static boolean isHealthy(ServerApi api) throws IOException, InterruptedException {
        return api.get("/health", null).path("status").asString().equals("healthy");
    }

    /** Sends all rows, some at a time: those that try the server's patience must not add up. */
    private static Map<String, String> attack(Victim victim) throws InterruptedException {
        Map<Hostile, Future<String>> answers = new LinkedHashMap<>();
        Map<String, String> wrong = new LinkedHashMap<>();
        try (ExecutorService attackers = Executors.newFixedThreadPool(AT_A_TIME)) {
            for (Hostile row : ROWS) {
                answers.put(row, attackers.submit(() -> row.attack().on(victim)));
            }
            for (Map.Entry<Hostile, Future<String>> entry : answers.entrySet()) {
                String answer = answer(entry.getValue());
                if (!answer.equals(entry.getKey().answer())) {
                    wrong.put(entry.getKey().toString(), answer);
                }
            }
        }
        return wrong;
    }

    private static String answer(Future<String> answer) throws InterruptedException {
        try {
            return answer.get();
        } catch (ExecutionException failure) {
            return String.valueOf(failure.getCause());
        }
    }

    /** Ann says something, and Bob reads it. */
    private static void talk(Victim victim) throws IOException, InterruptedException {
        String id = "talk-" + System.nanoTime();
        victim.api().post(victim.conversationPath("/messages"), victim.ann(), Map.of("id", id, "text", "Still there?"));
        JsonNode newest = victim.api()
                .get(victim.conversationPath("/messages?limit=1"), victim.bob())
                .path("messages")
                .path(0);
        assertThat(newest.path("id").asString()).isEqualTo(id);
    }

    private static List<String> errors(String log) {
        return log.lines()
                .filter(line -> line.contains("[ERROR]") || line.startsWith("\tat ") || line.startsWith("Exception"))
                .toList();
    }
}
