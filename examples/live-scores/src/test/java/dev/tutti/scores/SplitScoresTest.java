package dev.tutti.scores;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.RedisProcess;
import dev.tutti.testkit.process.ServerProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Real processes with the example in them: two answer clients, one runs the workers, and a Redis is the second level of their caches. */
@Tag("slow")
class SplitScoresTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern PRICE = Pattern.compile("\"[a-z]+-[a-z]+\":\\d");

    private final Api api = new Api(PATIENCE);
    private final List<ServerProcess> servers = new ArrayList<>();

    @TempDir
    private Path directory;

    private int port; // of the upstream
    private EmbeddedDatabase postgres;
    private RedisProcess redis;

    @BeforeEach
    void startWhatTheyNeed() throws Exception {
        port = Ports.free();
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        redis = RedisProcess.server(directory);
    }

    @AfterEach
    void stop() {
        servers.forEach(ServerProcess::close);
        api.close();
        redis.close();
        postgres.close();
    }

    private Launch launch(String name, String mode) throws IOException {
        return ScoresServer.launch(directory, name, postgres, "http://127.0.0.1:" + port)
                .with("APP_MODE", mode)
                .with("CACHE_PROVIDER", "redis")
                .with("REDIS_HOST", "127.0.0.1")
                .with("REDIS_PORT", Integer.toString(redis.port()));
    }

    private ServerProcess spawn(Launch launch) throws IOException {
        ServerProcess server = ServerProcess.of(launch);
        servers.add(server);
        server.spawn();
        return server;
    }

    private static URI address(ServerProcess server, String path) {
        return server.launch().address().resolve(path);
    }

    /** The answer of {@code /api/games} of a server, which must be one. */
    private String games(ServerProcess server) throws IOException, InterruptedException {
        HttpResponse<String> answer = api.fetch(address(server, "/api/games"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("Ajax");
        return answer.body();
    }

    /** Waits until {@code server}, which must always answer, has games that are not those that it has now. */
    private void awaitOtherGames(ServerProcess server) throws IOException, InterruptedException {
        String before = games(server);
        await().atMost(PATIENCE).until(() -> !games(server).equals(before));
    }

    private boolean hasRedis(ServerProcess server) throws IOException, InterruptedException {
        return api.fetch(address(server, "/health")).body().contains("\"redis-cache\":\"healthy\"");
    }

    /** The first two prices that a stranger is told: what is there at once, and what comes then. */
    private List<String> prices(ServerProcess server) throws IOException, InterruptedException {
        HttpResponse<InputStream> answer = api.send(
                HttpRequest.newBuilder(address(server, "/api/feeds/public:prices/events")),
                HttpResponse.BodyHandlers.ofInputStream());
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> line.startsWith("data: "))
                    .distinct()
                    .limit(2)
                    .toList();
        }
    }

    private List<String> gamesOfManyWhoAskAtOnce(List<ServerProcess> those) {
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            HttpRequest.Builder request = HttpRequest.newBuilder(address(those.get(i % those.size()), "/api/games"));
            answers.add(api.sendAsync(request, HttpResponse.BodyHandlers.ofString()));
        }
        return answers.stream().map(answer -> answer.join().body()).toList();
    }

    /** Has {@code web} answer from one load, while nobody watches the upstream, so that nothing is invalidated; what it answers. */
    private String shareOneLoad(List<ServerProcess> web, ScoresUpstream upstream) throws Exception {
        String first = games(web.getFirst());
        assertThat(games(web.getLast())).isEqualTo(first);
        assertThat(gamesOfManyWhoAskAtOnce(web)).containsOnly(first);
        assertThat(upstream.pages()).as("loads for both").isEqualTo(1);
        assertThat(redis.cli("keys", "*")).contains("cache:");
        return first;
    }

    private void awaitWithoutRedis(ServerProcess server) throws Exception {
        await().atMost(PATIENCE).until(() -> !hasRedis(server));
        awaitOtherGames(server);
        assertThat(server.ready()).isTrue();
    }

    @Test
    void theyShareOneLoadHearOfChangesAndAnswerWithoutRedis() throws Exception {
        List<ServerProcess> web = List.of(spawn(launch("web-1", "http")), spawn(launch("web-2", "http")));
        for (ServerProcess server : web) {
            server.awaitReady();
            await().atMost(PATIENCE).until(() -> hasRedis(server));
            for (int i = 0; i < 3; i++) {
                assertThat(api.fetch(address(server, "/api/games")).statusCode())
                        .as("without an upstream")
                        .isEqualTo(503);
            }
        }

        try (ScoresUpstream upstream = new ScoresUpstream(port)) {
            String first = shareOneLoad(web, upstream);
            assertThat(upstream.allFollowers()).as("of no workers").isZero();

            Launch launch = launch("workers", "workers");
            ServerProcess workers = spawn(launch.withOperatorPort(Ports.free()));
            workers.awaitReady();
            assertThatThrownBy(() -> api.fetch(launch.address())).isInstanceOf(ConnectException.class);
            assertThat(api.fetch(address(workers, "/api/games")).statusCode()).isEqualTo(404);
            for (ServerProcess server : web) {
                await().atMost(PATIENCE).until(() -> !games(server).equals(first));
                assertThat(prices(server))
                        .hasSize(2)
                        .allMatch(price -> PRICE.matcher(price).find());
            }

            redis.kill();
            for (ServerProcess server : web) {
                awaitWithoutRedis(server);
            }
            assertThat(upstream.mostFollowers()).isEqualTo(1);
        }
    }
}
