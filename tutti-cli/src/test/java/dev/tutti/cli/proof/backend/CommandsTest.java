package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
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
        assertThat(said("users", "delete", carl.name())).isEqualTo(new TypedCommands.Said(0, "", ""));
        assertThat(said("users", "show", carl.name()).err()).contains("not_found");
    }

    @Test
    void commandsSpeakToSocketsMoveAndDisconnectThem() throws Exception {
        Account ann = api.register("ann.");
        Socket socket = IO.socket(
                api.address(),
                IO.Options.builder()
                        .setAuth(Map.of("token", ann.token()))
                        .setForceNew(true)
                        .build());
        CompletableFuture<Boolean> connected = new CompletableFuture<>();
        socket.on(Socket.EVENT_CONNECT, _ -> connected.complete(true));
        try {
            socket.connect();
            connected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            areHeardBy(socket, ann);
        } finally {
            socket.close();
        }
    }

    private void areHeardBy(Socket socket, Account ann) throws Exception {
        String everySocket = "user:" + ann.id();
        CompletableFuture<String> news = new CompletableFuture<>();
        socket.on("news", arguments -> news.complete(String.valueOf(arguments[0])));
        CompletableFuture<String> end = new CompletableFuture<>();
        socket.on(Socket.EVENT_DISCONNECT, arguments -> end.complete(String.valueOf(arguments[0])));

        assertThat(said("sockets", "join", "desk", "--to", everySocket).code()).isZero();
        await().atMost(PATIENCE).until(() -> {
            said("sockets", "emit", "news", "{\"text\": \"closed\"}", "--to", "desk");
            return news.isDone();
        });
        assertThat(news.join()).isEqualTo("{\"text\":\"closed\"}");
        assertThat(said("sockets", "emit", "news", "no json").err()).contains("bad_request");
        assertThat(said("sockets", "leave", "desk", "--to", everySocket).code()).isZero();
        assertThat(said("sockets", "disconnect").code())
                .as("of whom is not said")
                .isEqualTo(2);
        assertThat(said("sockets", "disconnect", "--to", everySocket).code()).isZero();
        assertThat(end.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isEqualTo("io server disconnect");
    }
}
