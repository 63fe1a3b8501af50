package dev.tutti.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.InstanceId;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.Application;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.SettingSource;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.client.Api;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two servers with the example in them, on one database, and an upstream. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class LiveScoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Api api = new Api(PATIENCE);
    private final List<Server> servers = new ArrayList<>();
    private ScoresUpstream upstream;
    private EmbeddedDatabase postgres;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        upstream = new ScoresUpstream(0);
        System.setProperty("scores.upstream", upstream.address());
        postgres = EmbeddedDatabase.start(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres")));
        servers.add(server("a"));
        servers.add(server("b"));
    }

    @AfterAll
    void stop() throws Exception {
        servers.forEach(Server::close);
        api.close();
        postgres.close();
        upstream.close();
    }

    private Server server(String name) {
        SettingSource settings = new SettingSource(
                "test",
                Map.of(
                        "PORT",
                        "0",
                        "INSTANCE_ID",
                        name,
                        "DATABASE_URL",
                        postgres.url(),
                        "JWT_SECRET",
                        "a-secret-that-both-of-them-share-long-enough"));
        return switch (Configuration.of(List.of(settings))) {
            case Configuration.Valid(Configuration configuration) ->
                Server.start(configuration, new InstanceId(name), Application.NONE); // it is on the class path
            case Configuration.Invalid(var mistakes) -> throw new AssertionError(mistakes.toString());
        };
    }

    @Test
    void scoresAndPricesReachStrangersAtEachServer() throws Exception {
        for (Server server : List.copyOf(servers)) {
            assertThat(firstEvent(server, "public:scores")).contains("\"home\":\"Ajax\"");
            assertThat(firstEvent(server, "public:prices")).containsPattern("\"[a-z]+-[a-z]+\":\\d");
        }
    }

    @Test
    void thePageIsThere() throws Exception {
        assertThat(api.fetch(address(servers.getFirst(), "/scores/")).body()).contains("board.js");
        assertThat(api.fetch(address(servers.getFirst(), "/scores/board.js")).statusCode())
                .isEqualTo(200);
    }

    @Test
    void manyWhoAskAtOnceAtBothServersCostTheUpstreamLittle() {
        int before = upstream.pages();
        int rounds = 100;
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < rounds; i++) {
            answers.add(api.sendAsync(
                    HttpRequest.newBuilder(address(servers.get(i % 2), "/api/games")),
                    HttpResponse.BodyHandlers.ofString()));
        }

        assertThat(answers)
                .allSatisfy(answer -> assertThat(answer.join().body()).contains("Ajax"));
        // the scores change once a second, and each change drops what is kept
        assertThat(upstream.pages() - before).isLessThan(rounds / 2);
    }

    @Test
    void theUpstreamHasOneFollowerWhileServersComeAndGo() {
        for (int i = 0; i < 2; i++) {
            await().atMost(PATIENCE).until(() -> upstream.followers() == 1);

            servers.removeFirst().close();
            servers.add(server("c" + i));
        }

        await().atMost(PATIENCE).until(() -> upstream.followers() == 1);
        assertThat(upstream.mostFollowers()).isEqualTo(1);
    }

    private String firstEvent(Server server, String feed) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = api.send(
                HttpRequest.newBuilder(address(server, "/api/feeds/" + feed + "/events")),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            Optional<String> data =
                    lines.lines().filter(line -> line.startsWith("data: ")).findFirst();
            return data.orElseThrow();
        }
    }

    private static URI address(Server server, String path) {
        return server.address().resolve(path);
    }
}
