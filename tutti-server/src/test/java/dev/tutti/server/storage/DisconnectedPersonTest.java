package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.client.EventSourceClient;
import dev.tutti.testkit.client.RawConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** People with tokens of another issuer at two servers, whom a program disconnects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DisconnectedPersonTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String SECRET = "a-secret-that-the-backend-has-too-and-long";
    private static final String ROOT = "Bearer " + ApiKeys.root("a-secret-of-the-tests-and-of-no-one-else");

    private EmbeddedDatabase database;
    private SessionServers servers;
    private Server first;
    private Server second;

    @BeforeAll
    void start(@TempDir Path directory) {
        database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        servers = new SessionServers(database.url());
        Map<String, String> settings = Map.of("TUTTI_JWT_HMAC_SECRET", SECRET);
        first = servers.start(settings);
        second = servers.start(settings);
    }

    @AfterAll
    void stop() {
        servers.close();
        database.close();
    }

    private static String token(String who) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.HS256),
                new JWTClaimsSet.Builder()
                        .subject(who)
                        .expirationTime(Date.from(Instant.now().plusSeconds(3_600)))
                        .build());
        token.sign(new MACSigner(SECRET.getBytes(StandardCharsets.UTF_8)));
        return token.serialize();
    }

    private static RawConnection webSocket(Server at, String who) throws Exception {
        RawConnection client = RawConnection.webSocket(at.address().getPort(), token(who));
        assertIsOpen(client);
        return client;
    }

    private static void assertIsOpen(RawConnection client) {
        client.text("{\"op\":\"ping\"}");
        assertThat(client.message()).isEqualTo("{\"op\":\"pong\"}");
    }

    private static EventSourceClient events(Server at, String who) throws Exception {
        EventSourceClient client = new EventSourceClient(
                at.address().getPort(),
                "/api/streams/room:lobby/events",
                "Authorization: Bearer " + token(who) + "\r\n");
        assertThat(client.head()).contains(" 200 ");
        return client;
    }

    /** Reads until the events have ended, and gives the data of the last of them. */
    private static String lastEvent(EventSourceClient client) {
        String last = "";
        for (Optional<String> data = client.data(); data.isPresent(); data = client.data()) {
            last = data.get();
        }
        return last;
    }

    private String key(String capability) {
        return "Bearer "
                + servers.call(
                                first,
                                "POST",
                                "/api/server/keys",
                                ROOT,
                                Map.of("name", "a key", "capabilities", List.of(capability)))
                        .json()
                        .get("token");
    }

    private int disconnect(String key, Map<String, Object> whom) {
        return servers.call(first, "POST", "/api/server/disconnect", key, whom).status();
    }

    @Test
    void losesEveryConnectionAtEveryInstanceAndNobodyElseDoes() throws Exception {
        String key = key("disconnect:/user:*");
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                RawConnection here = webSocket(first, "ann");
                RawConnection there = webSocket(second, "ann");
                EventSourceClient eventsHere = events(first, "ann");
                EventSourceClient eventsThere = events(second, "ann");
                RawConnection other = webSocket(second, "anna")) {
            List<Future<String>> ends = List.of(
                    threads.submit(() -> here.messageWith(List.of("close"))),
                    threads.submit(() -> there.messageWith(List.of("close"))),
                    threads.submit(() -> lastEvent(eventsHere)),
                    threads.submit(() -> lastEvent(eventsThere)));

            await().atMost(LONG)
                    .until(
                            () -> { // the second server may not have been heard of at first
                                assertThat(disconnect(key, Map.of("to", List.of("user:ann"))))
                                        .isEqualTo(204);
                                return ends.stream().allMatch(Future::isDone);
                            });

            assertThat(ends.get(0).get()).isEqualTo("close 4211");
            assertThat(ends.get(1).get()).isEqualTo("close 4211");
            assertThat(ends.get(2).get()).contains("session_revoked");
            assertThat(ends.get(3).get()).contains("session_revoked");
            assertIsOpen(other);
            // her token is good; an order of the last round may still be on its way to the second server
            await().atMost(LONG).untilAsserted(() -> webSocket(second, "ann").close());
        }
    }

    @Test
    void isDisconnectedByKeysThatMay() {
        Map<String, Object> whom = Map.of("to", List.of("user:bob"));

        assertThat(disconnect(key("disconnect:/user:bob"), whom)).isEqualTo(204);
        assertThat(disconnect(key("emit:/user:*"), whom)).isEqualTo(204);
        assertThat(disconnect(key("disconnect:/user:ann"), whom)).isEqualTo(403);
        assertThat(disconnect(key("read:*"), whom)).isEqualTo(403);
        assertThat(servers.call(
                                first,
                                "POST",
                                "/api/server/emit",
                                key("disconnect:*"),
                                Map.of("to", List.of("user:bob"), "event", "hurry"))
                        .status())
                .isEqualTo(403);
    }
}
