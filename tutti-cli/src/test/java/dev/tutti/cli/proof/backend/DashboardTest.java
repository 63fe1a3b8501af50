package dev.tutti.cli.proof.backend;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.SimpleFileServer;
import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.client.Chromium;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.process.Signals;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The dashboard of the examples in a browser, fed by a program in Python and by SQL alone, while each part is killed in turn. */
@Tag("slow")
class DashboardTest {
    private static final String SECRET = "a-secret-of-the-server-and-of-the-root-key";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Path EXAMPLES = Path.of("..", "examples", "backend");
    private static final Pattern SAID = Pattern.compile("reading (\\d+) is event (\\d+)\n");

    @Test
    void itShowsAllThatWasToldWhoeverIsKilled(@TempDir Path directory) throws Exception {
        Path data = Files.createDirectories(directory.resolve("postgres"));
        Path said = directory.resolve("said");
        HttpServer pages = SimpleFileServer.createFileServer(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                EXAMPLES.toRealPath(),
                SimpleFileServer.OutputLevel.NONE);
        pages.start();
        String origin = "http://127.0.0.1:" + pages.getAddress().getPort();
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(
                        DatabaseTemplate.copiedTo(EmbeddedSettings.in(data).withBinaries(Solo.PROGRAMS)));
                ServerProcess server =
                        ServerProcess.start(Solo.bare(Files.createDirectories(directory.resolve("server")))
                                .with("DATABASE_URL", postgres.url())
                                .with("JWT_SECRET", SECRET)
                                .with("CORS_ORIGINS", origin));
                ServerApi api = new ServerApi(server.launch().address());
                Chromium chromium = new Chromium();
                BrowserContext visitor = chromium.visitor()) {
            execute(postgres, Files.readString(EXAMPLES.resolve("orders.sql")));
            Page page = visitor.newPage();
            page.navigate(origin + "/dashboard.html#server=" + api.address() + "&key="
                    + key(api, "read:room:readings", "read:room:orders"));
            assertThat(page.locator("#state")).hasText("live");

            Process python = publish(api, said);
            awaitReadings(said, 3);
            python.destroyForcibly().waitFor(); // in the middle of whatever it does

            python = publish(api, said);
            order(postgres, "new");
            awaitReadings(said, 6);
            server.kill();
            order(postgres, "paid"); // told to nobody who is there
            server.start();
            awaitReadings(said, 9);

            Signals.postgresIn(data).forEach(ProcessHandle::destroyForcibly);
            await().atMost(PATIENCE)
                    .ignoreExceptionsInstanceOf(SQLException.class)
                    .untilAsserted(() -> order(postgres, "sent"));
            awaitReadings(said, 12);
            python.destroyForcibly().waitFor();

            List<Integer> log = numbers(api);
            List<MatchResult> acknowledged =
                    SAID.matcher(Files.readString(said)).results().toList();
            assertThat(acknowledged).hasSizeGreaterThan(12).allMatch(each -> {
                int place = Integer.parseInt(each.group(2));
                return log.get(place - 1) == Integer.parseInt(each.group(1));
            });
            long readings = log.size();
            assertThat(readings).isEqualTo(head(api, "room:readings"));
            assertThat(page.locator("[id='room:readings']")).hasText(Long.toString(readings)); // each once
            assertThat(page.locator("[id='room:orders']")).hasText(Long.toString(head(api, "room:orders")));
            assertThat(page.locator("#orders li"))
                    .containsText(List.of("sent", "paid", "new").toArray(String[]::new));
            assertThat(page.locator("#state")).hasText("live");
        } finally {
            pages.stop(0);
        }
    }

    private static Process publish(ServerApi api, Path said) throws Exception {
        ProcessBuilder python = new ProcessBuilder(
                "python3", "-u", EXAMPLES.resolve("publish.py").toString(), "100000", "0.02");
        python.environment().put("TUTTI_URL", api.address().toString());
        python.environment().put("TUTTI_KEY", key(api, "publish:room:readings"));
        return python.redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(said.toFile()))
                .start();
    }

    /** Some more readings than {@code least} were answered. */
    private static void awaitReadings(Path said, int least) {
        await().atMost(PATIENCE)
                .until(() -> SAID.matcher(Files.readString(said)).results().count() > least);
    }

    private static void order(EmbeddedDatabase postgres, String status) throws SQLException {
        execute(postgres, "insert into orders (status) values ('" + status + "')");
    }

    private static void execute(EmbeddedDatabase postgres, String sql) throws SQLException {
        PostgresAddress address = PostgresAddress.parse(postgres.url());
        try (Connection database = DriverManager.getConnection(address.jdbcUrl(), address.user(), address.password());
                Statement statement = database.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String key(ServerApi api, String... capabilities) throws IOException, InterruptedException {
        Account root = new Account("", "", ApiKeys.root(SECRET));
        return api.post("/api/server/keys", root, Map.of("name", "a test's", "capabilities", List.of(capabilities)))
                .path("token")
                .asString();
    }

    /** The numbers of the readings in the log, in its order. */
    private static List<Integer> numbers(ServerApi api) throws Exception {
        Account reader = new Account("", "", key(api, "read:room:readings"));
        List<Integer> numbers = new ArrayList<>();
        while (true) {
            JsonNode events = api.get("/api/streams/room:readings?limit=100&after=" + numbers.size(), reader)
                    .path("events");
            if (events.isEmpty()) {
                return numbers;
            }
            events.forEach(each -> numbers.add(each.path("data").path("number").asInt()));
        }
    }

    private static long head(ServerApi api, String stream) throws Exception {
        Account reader = new Account("", "", key(api, "read:" + stream));
        return api.get("/api/streams/" + stream + "?limit=1&before=" + Integer.MAX_VALUE, reader)
                .path("events")
                .path(0)
                .path("seq")
                .asLong();
    }
}
