package dev.tutti.cli.proof.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.cli.proof.Solo;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server without accounts, for the people of a backend that signs their tokens. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnIdentitiesTest {
    private static final String SECRET = "a-secret-that-the-backend-has-too-and-long";
    private static final String SERVERS_OWN = "a-secret-of-the-server-alone-long-enough";
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private ServerProcess server;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        server = ServerProcess.start(Solo.launch(directory)
                .with("JWT_SECRET", SERVERS_OWN)
                .with("TUTTI_ACCOUNTS", "off")
                .with("TUTTI_JWT_HMAC_SECRET", SECRET)
                .with("TUTTI_RIGHTS", "read:news:*,read:user:{id},anybody:read:news:open-*"));
        api = new ServerApi(server.launch().address());
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
    }

    @Test
    void peopleDoWhatEverybodyMayAndWhatTheirTokensSay() throws Exception {
        Account ann = person("ann", "publish:org:7:*");

        assertThat(api.send("GET", "/api/streams/news:today", ann, null).status())
                .isEqualTo(200);
        assertThat(api.send("GET", "/api/streams/user:ann", ann, null).status()).isEqualTo(200);
        assertThat(api.send("GET", "/api/streams/user:bob", ann, null).error()).isEqualTo("forbidden");
        assertThat(publish(ann, "org:7:plans")).isEqualTo(201);
        assertThat(publish(ann, "org:8:plans")).isEqualTo(403);
        assertThat(publish(ann, "news:today")).isEqualTo(403);
        assertThat(publish(ann, "room:lobby")).isEqualTo(403);
    }

    @Test
    void anybodyReadsWhatARuleOpensAndNothingElse() throws Exception {
        Account editor = person("ed", "publish:news:*");
        assertThat(publish(editor, "news:open-1")).isEqualTo(201);
        assertThat(publish(editor, "news:inside")).isEqualTo(201);

        assertThat(api.send("GET", "/api/streams/news:open-1", null, null)
                        .body()
                        .at("/events/0/data")
                        .asInt())
                .isEqualTo(1);
        assertThat(api.send("GET", "/api/streams/news:inside", null, null).error())
                .isEqualTo("unauthenticated");
        assertThat(api.send("GET", "/api/streams/news:open-1", person("fay"), null)
                        .status())
                .isEqualTo(200);
        assertThat(publish(person("fay"), "news:open-1")).isEqualTo(403);
        assertThat(publish(null, "news:open-1")).isEqualTo(401);
    }

    @Test
    void anybodyFollowsThemOverAWebSocketToo() throws Exception {
        Account editor = person("ed", "publish:news:*");
        publish(editor, "news:open-ws");
        try (RawConnection client = new RawConnection(server.launch().address().getPort())) {
            client.send(RawConnection.handshake("/ws", ""));
            client.head();
            assertThat(client.message()).startsWith("{\"op\":\"hello\"");
            client.text("{\"op\":\"subscribe\",\"id\":1,\"stream\":\"news:inside\",\"after\":0}");
            assertThat(client.message()).contains("\"id\":1", "\"code\":\"unauthenticated\"");
            client.text("{\"op\":\"subscribe\",\"id\":2,\"stream\":\"news:open-ws\",\"after\":0}");
            assertThat(client.message()).isEqualTo("{\"op\":\"ok\",\"id\":2}");
            assertThat(client.message()).contains("\"seq\":1,");
            publish(editor, "news:open-ws");
            assertThat(client.message()).contains("\"seq\":2,");
        }
    }

    @Test
    void thereIsNothingOfAccounts() throws Exception {
        Map<String, String> form = Map.of("name", "carol", "password", Account.PASSWORD);

        assertThat(api.send("POST", "/api/auth/register", null, form).status()).isEqualTo(404);
        assertThat(api.send("GET", "/api/conversations", person("ann"), null).status())
                .isEqualTo(404);
        assertThat(api.send("GET", "/", null, null).status()).isEqualTo(404);
        assertThat(api.send("GET", "/api/streams/news:today", null, null).error())
                .isEqualTo("unauthenticated");
    }

    @Test
    void theirSocketsAreInARoomOfTheirs() throws Exception {
        IO.Options options = IO.Options.builder()
                .setAuth(Map.of("token", person("dan").token()))
                .build();
        Socket socket = IO.socket(server.launch().address(), options);
        try {
            CompletableFuture<Boolean> connected = new CompletableFuture<>();
            CompletableFuture<String> told = new CompletableFuture<>();
            socket.on("hurry", arguments -> told.complete(String.valueOf(arguments[0])));
            socket.on(Socket.EVENT_CONNECT, _ -> connected.complete(true));
            socket.connect();

            assertThat(connected.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
            Account root = new Account("", "", ApiKeys.root(SERVERS_OWN));
            Map<String, Object> emission = Map.of("to", List.of("user:dan"), "event", "hurry", "data", List.of("now"));
            await().atMost(PATIENCE).until(() -> {
                api.post("/api/server/emit", root, emission); // it joins its room when it is connected
                return told.isDone();
            });
            assertThat(told.join()).isEqualTo("now");
        } finally {
            socket.close();
        }
    }

    private int publish(@Nullable Account person, String stream) throws Exception {
        return api.send("POST", "/api/streams/" + stream, person, Map.of("type", "said", "data", 1))
                .status();
    }

    private static Account person(String id, String... capabilities) throws Exception {
        JWTClaimsSet claims = new JWTClaimsSet.Builder()
                .subject(id)
                .expirationTime(Date.from(Instant.now().plusSeconds(600)))
                .claim("tutti", List.of(capabilities))
                .build();
        SignedJWT token = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), claims);
        token.sign(new MACSigner(SECRET));
        return new Account(id, id, token.serialize());
    }
}
