package dev.tutti.cli.proof.presence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.client.Talker;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The promise of presence, with three real instances; the test that kills one for good comes last. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class InstancesPresenceTest {
    private static final int INSTANCES = 3;
    private static final Duration GONE_WITHIN = Duration.ofSeconds(10).plusSeconds(5); // for a machine that is busy
    private static final Duration GRACE = Duration.ofSeconds(6); // five, and one to tell
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<ServerProcess> instances = new ArrayList<>();
    private final List<URI> addresses = new ArrayList<>();
    private final List<ServerApi> apis = new ArrayList<>();
    private EmbeddedDatabase postgres;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        for (int i = 0; i < INSTANCES; i++) {
            ServerProcess instance = ServerProcess.of(Solo.bare(Files.createDirectories(directory.resolve("i" + i)))
                    .with("DATABASE_URL", postgres.url())
                    .with("JWT_SECRET", "a-secret-that-all-of-them-share-long-enough")
                    .with("INSTANCE_ID", "i" + i)
                    .with("JAVA_TOOL_OPTIONS", "-XX:+UseSerialGC -XX:TieredStopAtLevel=1")); // to be up soon
            instances.add(instance);
            addresses.add(instance.launch().address());
            apis.add(new ServerApi(instance.launch().address()));
            instance.spawn();
        }
    }

    @AfterAll
    void stop() {
        apis.forEach(ServerApi::close);
        instances.forEach(ServerProcess::close);
        postgres.close();
    }

    @Test
    @Order(1)
    @Tag("long")
    void whoComesBackElsewhereIsNeverOfflineDuringARollingRestart() throws Exception {
        awaitAll();
        Account anns = apis.getFirst().register("ann.");
        Account bobs = apis.getFirst().register("bob.");
        try (Roamer ann = Roamer.start(addresses, 0, anns, anns)) {
            await().atMost(PATIENCE).until(() -> isOnline(1, anns, bobs));
            try (Roamer bob = Roamer.start(addresses, 1, bobs, anns)) {
                await().atMost(PATIENCE).until(() -> bob.connections() > 0);

                for (int i = 0; i < INSTANCES; i++) {
                    int stopped = i;
                    awaitAll();
                    assertThat(instances.get(i).stop(PATIENCE)).isZero();
                    // a JVM that starts takes the time in which they have to come back
                    await().atMost(PATIENCE).until(() -> ann.isElsewhere(stopped) && bob.isElsewhere(stopped));
                    instances.get(i).spawn();
                }

                // whose return was not noticed is told to be offline when the grace time is over
                await().during(GRACE).atMost(GRACE.plus(PATIENCE)).until(() -> !bob.hasSeenOffline());
                assertThat(ann.connections()).isGreaterThan(1);
                assertThat(bob.connections()).isGreaterThan(1);
            }
        }
    }

    @Test
    @Order(2)
    void thePeopleOfAKilledInstanceAreGoneWithinTenSecondsForThoseOfTheOthers() throws Exception {
        awaitAll();
        Account anns = apis.getFirst().register("ann.");
        Account bobs = apis.getFirst().register("bob.");
        try (Talker ann = Talker.connect(addresses.get(0), anns, "websocket");
                Talker bob = Talker.connect(addresses.get(1), bobs, "websocket")) {
            bob.watch(anns);
            await().atMost(PATIENCE).until(() -> isOnline(1, anns, bobs) && isOnline(2, anns, bobs));

            instances.getFirst().kill();

            await().atMost(GONE_WITHIN)
                    .until(() -> !isOnline(1, anns, bobs)
                            && !isOnline(2, anns, bobs)
                            && bob.presence().stream().anyMatch(change -> isOffline(change, anns)));
            assertThat(ann.awaitEnd()).isNotEmpty();
        }
    }

    private void awaitAll() throws IOException, InterruptedException {
        for (ServerProcess instance : instances) {
            instance.awaitReady();
        }
    }

    private boolean isOnline(int instance, Account person, Account asking) throws IOException, InterruptedException {
        return apis.get(instance)
                .get("/api/presence?users=" + person.id(), asking)
                .path("online")
                .valueStream()
                .anyMatch(id -> id.asString().equals(person.id()));
    }

    private static boolean isOffline(JsonNode change, Account person) {
        return change.path("user").asString().equals(person.id())
                && !change.path("online").asBoolean(true);
    }
}
