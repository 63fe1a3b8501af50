package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Commands that ask a running server for something, with the key that follows from its secret. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CommandsTest {
    private static final String SECRET = "a-secret-that-both-of-them-share-long-enough";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ServerProcess server;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(Solo.launch(directory).with("JWT_SECRET", SECRET));
        api = new ServerApi(server.launch().address());
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    private TypedCommands.Said said(String... words) {
        return new TypedCommands(api.address()).said(Map.of("JWT_SECRET", SECRET), words);
    }

    @Test
    void commandsReadStreams() throws Exception {
        for (int i = 1; i <= 3; i++) {
            assertThat(said("publish", "room:read", "said", "" + i).code()).isZero();
        }

        assertThat(said("streams", "read", "room:read", "--after", "1").out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("{\"stream\":\"room:read\",\"seq\":2,");
        assertThat(said("streams", "read", "room:read", "--before", "3", "--limit", "1")
                        .out())
                .contains("\"seq\":2,")
                .hasLineCount(1);
        assertThat(said("streams", "read", "room:read", "--after", "99").out()).startsWith("{\"gap\":");
        assertThat(said("streams", "read", "no stream").code()).isNotZero();
        assertThat(said("streams", "read", "room:read", "--after", "1", "--before", "2")
                        .code())
                .isEqualTo(2);
    }

    private TypedCommands.Said batch(Stream<String> lines) {
        return new TypedCommands(api.address())
                .piped(
                        Map.of("JWT_SECRET", SECRET),
                        lines.collect(Collectors.joining("\n")) + "\n",
                        "publish",
                        "--batch");
    }

    /** As many of one stream as are wanted, with a key each. */
    private static Stream<String> lines(String stream, int from, int to) {
        return IntStream.rangeClosed(from, to)
                .mapToObj(i ->
                        "{\"stream\":\"" + stream + "\",\"type\":\"said\",\"data\":" + i + ",\"key\":\"k" + i + "\"}");
    }

    private long head(String stream) {
        Matcher head = Pattern.compile("\"head\":([0-9]+)")
                .matcher(said("streams", "list", stream).out());
        return head.find() ? Long.parseLong(head.group(1)) : 0;
    }

    @Test
    void linesArePublishedInTheirOrderAThousandAtATime() {
        assertThat(batch(Stream.concat(lines("room:batch", 1, 1_200), Stream.of("", " "))))
                .isEqualTo(new TypedCommands.Said(0, "{\"published\":1200,\"repeated\":0}\n", ""));
        assertThat(batch(lines("room:batch", 1_151, 2_500)))
                .isEqualTo(new TypedCommands.Said(0, "{\"published\":1350,\"repeated\":50}\n", ""));
        assertThat(head("room:batch")).isEqualTo(2_500);
        assertThat(said("streams", "read", "room:batch", "--after", "2499").out())
                .contains("\"seq\":2500,", "\"data\":2500")
                .hasLineCount(1);
        assertThat(batch(Stream.empty()).out()).isEqualTo("{\"published\":0,\"repeated\":0}\n");
    }

    @Test
    void theLineThatIsRefusedIsNamedAndThoseBeforeItArePublished() {
        for (String[] each : new String[][] {
            {"room:bad-name", "{\"stream\":\"no stream\",\"type\":\"said\",\"data\":1}", "bad_request"},
            {"room:no-data", "{\"stream\":\"room:no-data\",\"type\":\"said\"}", "field data is missing"},
            {"room:forbidden", "{\"stream\":\"socketio:x\",\"type\":\"said\",\"data\":1}", "forbidden"},
            {"room:no-object", "[]", "not one JSON object"},
            {"room:two", "{}, {}", "not one JSON object"},
            {"room:large", "{\"data\":\"" + "x".repeat(1 << 20) + "\"}", "has more than 1048574 bytes"}
        }) {
            String stream = each[0];
            TypedCommands.Said said =
                    batch(Stream.of(lines(stream, 1, 700), Stream.of(each[1]), lines(stream, 701, 1_500))
                            .flatMap(part -> part));
            assertThat(said.code()).as(stream).isEqualTo(1);
            assertThat(said.out()).as(stream).isEqualTo("{\"published\":700,\"repeated\":0}\n");
            assertThat(said.err()).contains("line 701 was refused, and none behind it was sent", each[2]);
            assertThat(head(stream)).as(stream).isEqualTo(700);
        }
    }

    @Test
    void linesOfWhichARequestHasTooManyBytesAreSentInSeveral() {
        String data = "\"" + "x".repeat(200_000) + "\"";
        assertThat(batch(IntStream.range(0, 12)
                        .mapToObj(_ -> "{\"stream\":\"room:heavy\",\"type\":\"said\",\"data\":" + data + "}")))
                .isEqualTo(new TypedCommands.Said(0, "{\"published\":12,\"repeated\":0}\n", ""));
        assertThat(head("room:heavy")).isEqualTo(12);
    }

    @Test
    void commandsListStreamsAndDeleteThem() {
        for (String stream : List.of("room:told-b", "room:told-a", "room:told-c")) {
            assertThat(said("publish", stream, "said", "1").code()).isZero();
        }

        assertThat(said("streams", "list", "room:told-").out())
                .containsSubsequence("room:told-a", "room:told-b", "room:told-c")
                .hasLineCount(3);
        assertThat(said("streams", "list", "room:told-", "--after", "room:told-a", "--limit", "1")
                        .out())
                .contains("\"name\":\"room:told-b\"", "\"head\":1", "\"at\":\"")
                .hasLineCount(1);
        assertThat(said("streams", "list", "room told").err()).contains("bad_request");
        assertThat(said("streams", "delete", "room:told-a").out())
                .contains("\"seq\":2", "\"deleted\":1", "\"complete\":true")
                .hasLineCount(1);
        assertThat(said("streams", "delete", "room:never-told").err()).contains("not_found");
        assertThat(said("streams", "delete", "no stream").code()).isNotZero();
    }

    @Test
    void commandsReadAndPublishFeeds() throws Exception {
        assertThat(said("feeds", "read", "score:9").err()).contains("not_found");
        assertThat(said("feeds", "publish", "score:9", "4", "{\"home\": 2}"))
                .isEqualTo(new TypedCommands.Said(0, "{\"accepted\":true,\"version\":4}\n", ""));
        assertThat(said("feeds", "publish", "score:9", "3").out()).isEqualTo("{\"accepted\":false,\"version\":4}\n");
        assertThat(said("feeds", "read", "score:9").out())
                .isEqualTo("{\"key\":\"score:9\",\"version\":4,\"value\":{\"home\":2}}\n");
        assertThat(said("feeds", "publish", "score:9", "5", "no json").err()).contains("bad_request");
    }

    @Test
    void commandsAdministerAccounts() throws Exception {
        Account carl = api.register("carl.");

        assertThat(said("users", "list", "--limit", "500").out()).contains(carl.id());
        assertThat(said("users", "show", carl.name()).out()).contains(carl.id());
        assertThat(said("users", "promote", carl.name()).out()).contains("\"admin\":true");
        assertThat(said("users", "demote", carl.name()).out()).contains("\"admin\":false");
        assertThat(said("users", "disable", carl.name()).out()).contains("\"disabled\":true");
        assertThat(api.send("GET", "/api/account", carl, null).error()).isEqualTo("session_revoked");
        assertThat(said("users", "enable", carl.name()).out()).contains("\"disabled\":false");
        assertThat(said("users", "logout", carl.name()).out()).contains("\"ended\":0");
        assertThat(said("users", "create", "made.by.operator", "--display-name", "Made", "--hours", "1")
                        .out())
                .contains("\"name\":\"made.by.operator\"", "\"displayName\":\"Made\"", "/mail.html#reset=");
        assertThat(said("users", "create", "made.by.operator").err()).contains("conflict");
        assertThat(said("users", "reset", carl.name()).out()).contains("/mail.html#reset=");
        assertThat(said("users", "reset", carl.name(), "--hours", "200").err()).contains("bad_request");
        assertThat(said("users", "reset", carl.name(), "--compromised").out()).contains("/mail.html#reset=");
        Map<String, String> login = Map.of("name", carl.name(), "password", Account.PASSWORD);
        assertThat(api.send("POST", "/api/auth/login", null, login).error()).isEqualTo("unauthenticated");
        assertThat(said("users", "delete", carl.name())).isEqualTo(new TypedCommands.Said(0, "", ""));
        assertThat(said("users", "show", carl.name()).err()).contains("not_found");
    }

    @Test
    void commandsSpeakToSocketsMoveAndDisconnectThem() throws Exception {
        Account ann = api.register("ann.");
        try (OfficialSocket socket =
                OfficialSocket.at(api.address()).account(ann).patience(PATIENCE).build()) {
            assertThat(said("users", "online", ann.id()).out()).contains("\"count\":0");
            socket.connect();
            isSeenOnline(ann);
            areHeardBy(socket, ann);
        }
    }

    /** Its later commands come with the root key: a narrow one in the environment would be taken instead. */
    @Test
    void theDocumentOfBackendsLeavesNoKeyInTheEnvironment() throws IOException {
        assertThat(Files.readString(Path.of("..", "docs", "backend.md")))
                .contains("$ KEY=$(./tutti key create readings", "$ TUTTI_KEY=$(./tutti key create")
                .doesNotContain("export TUTTI_KEY", "Bearer $TUTTI_KEY");
    }

    /** By the port and the password in the files that docs/backend.md names. */
    @Test
    void theEmbeddedDatabaseIsReachedAsTheDocumentSays() throws Exception {
        String password = "data/postgres/password";
        String process = "data/postgres/data/postmaster.pid";
        assertThat(Files.readString(Path.of("..", "docs", "backend.md"))).contains(password, "sed -n 4p " + process);
        Path directory = server.launch().directory();
        String port = Files.readAllLines(directory.resolve(process)).get(3).strip();

        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + port + "/tutti",
                        "tutti",
                        Files.readString(directory.resolve(password)).strip());
                Statement statement = connection.createStatement()) {
            statement.execute("select tutti.publish('room:by-psql', 'said', '1')");
        }

        assertThat(said("streams", "read", "room:by-psql").out()).contains("\"seq\":1,");
    }

    private void isSeenOnline(Account ann) {
        await().atMost(PATIENCE)
                .until(() -> said("users", "online", "nobody", ann.id()).out().contains("[\"" + ann.id() + "\"]"));
        assertThat(said("users", "online").out())
                .contains(ann.id(), "\"count\":1", "\"more\":false")
                .hasLineCount(1);
        assertThat(said("users", "online", "--after", ann.id(), "--limit", "1").out())
                .contains("\"users\":[]", "\"count\":1");
        assertThat(said("users", "online", "--room", "desk").out()).contains("\"count\":0");
        assertThat(said("users", "online", "--place", "a desk").out()).contains("\"count\":0");
        assertThat(said("users", "online", "--room", "desk", "--namespace", "/never")
                        .err())
                .contains("not_found");
        assertThat(said("users", "online", ann.id(), "--place", "desk").err()).contains("bad_request");
    }

    private void areHeardBy(OfficialSocket socket, Account ann) throws Exception {
        String everySocket = "user:" + ann.id();
        ReceivedEvents news = socket.received("news");

        assertThat(said("sockets", "join", "desk", "--to", everySocket).code()).isZero();
        await().atMost(PATIENCE).until(() -> {
            said("sockets", "emit", "news", "{\"text\": \"closed\"}", "--to", "desk");
            return news.size() > 0;
        });
        assertThat(news.next()[0]).hasToString("{\"text\":\"closed\"}");
        assertThat(said("sockets", "emit", "news", "no json").err()).contains("bad_request");
        assertThat(said("users", "online", "--room", "desk").out()).contains("[\"" + ann.id() + "\"]");
        assertThat(said("sockets", "leave", "desk", "--to", everySocket).code()).isZero();
        assertThat(said("sockets", "disconnect").code())
                .as("of whom is not said")
                .isEqualTo(2);
        assertThat(said("sockets", "disconnect", "--to", everySocket).code()).isZero();
        assertThat(socket.ended().get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("io server disconnect");
    }
}
