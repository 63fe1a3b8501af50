package dev.tutti.cli.proof.webhook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.WebAndRunners;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two processes that deliver and one that answers clients alone, on one PostgreSQL, and a receiver of webhooks. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WebhooksAcrossProcessesTest {
    private static final Map<String, String> SETTINGS = Map.of(
            "TUTTI_LEASE_TTL", "2s",
            "TUTTI_WEBHOOK_TIMEOUT", "8s",
            "TUTTI_WEBHOOK_LONGEST_PAUSE", "500ms",
            "TUTTI_WEBHOOK_PRIVATE_NETWORKS", "true");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String WAITS_FOR_ITS_WEBHOOK = """
            select 1 from pg_stat_activity
            where wait_event_type = 'Lock' and query ~ '^update tutti[.]webhook[[:space:]]'
            """;

    private final Account root = new Account("", "", ApiKeys.root(Solo.SECRET));
    private WebAndRunners processes;
    private ServerApi api;
    private WebhookReceiver receiver;
    private String webhook = "";

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        processes = WebAndRunners.start(directory, SETTINGS, Map.of());
        api = processes.api();
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    @BeforeEach
    void listen() throws Exception {
        receiver = new WebhookReceiver(0);
        webhook = api.post("/api/server/webhooks", root, Map.of("url", receiver.url(), "streams", List.of("room:*")))
                .path("webhook")
                .path("id")
                .asString();
    }

    @AfterEach
    void forget() throws Exception {
        assertThat(api.send("DELETE", "/api/server/webhooks/" + webhook, root, null)
                        .isDone())
                .isTrue();
        receiver.close();
    }

    private void publish(String stream, int count) throws Exception {
        for (int i = 0; i < count; i++) {
            api.post("/api/streams/" + stream, root, Map.of("type", "said", "data", Map.of("n", i)));
        }
    }

    private JsonNode state() throws Exception {
        return api.get("/api/server/webhooks/" + webhook, root);
    }

    private void received(String stream, long last) {
        await().pollInterval(Duration.ofMillis(20)).atMost(PATIENCE).until(() -> receiver.last(stream) == last);
    }

    private void nothingWaits() {
        await().atMost(PATIENCE)
                .until(() -> state().path("waiting").path("streams").asInt() == 0);
    }

    private ServerProcess deliverer() {
        await().atMost(PATIENCE).until(() -> !receiver.messages().isEmpty());
        return processes.runner(receiver.messages().getLast().instance());
    }

    @Test
    void whatSocketIosServersTellEachOtherIsPostedToNobody() throws Exception {
        String all = api.post("/api/server/webhooks", root, Map.of("url", receiver.url(), "streams", List.of("*")))
                .path("webhook")
                .path("id")
                .asString();
        try (Connection connection = processes.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("""
                    select * from tutti.append(array['socketio:secret'], array['emit'], array[null]::text[],
                                               array[convert_to('{"n": 1}', 'UTF8')])
                    """);
        }
        publish("room:told", 1);

        await().atMost(PATIENCE)
                .until(() -> receiver.messages().stream()
                        .anyMatch(message -> message.stream().equals("room:told")
                                && message.json()
                                        .path("data")
                                        .path("webhook")
                                        .asString()
                                        .equals(all)));
        await().atMost(PATIENCE)
                .until(() -> api.get("/api/server/webhooks/" + all, root)
                                .path("waiting")
                                .path("streams")
                                .asInt()
                        == 0);
        assertThat(receiver.messages()).noneMatch(message -> message.stream().startsWith("socketio:"));
        assertThat(api.send("DELETE", "/api/server/webhooks/" + all, root, null).isDone())
                .isTrue();
    }

    @Test
    void nothingIsLostWhenTheProcessThatDeliversIsKilled(TestReporter reporter) throws Exception {
        List<String> streams = List.of("room:killed-a", "room:killed-b", "room:killed-c");
        for (String stream : streams) {
            publish(stream, 1);
        }
        ServerProcess killed = deliverer();
        receiver.behave(_ -> {
            boolean never = new CountDownLatch(1).await(5, TimeUnit.MILLISECONDS);
            assertThat(never).isFalse();
            return 200;
        });
        for (int i = 0; i < 100; i++) {
            for (String stream : streams) {
                publish(stream, 1);
            }
            if (i == 50) {
                killed.kill();
            }
        }
        long begin = System.nanoTime();
        for (String stream : streams) {
            received(stream, 101);
        }
        reporter.publishEntry(
                "milliseconds until all had been delivered", "" + (System.nanoTime() - begin) / 1_000_000);

        nothingWaits();
        for (String stream : streams) {
            receiver.requireOrder(stream, 1);
        }
        killed.start();
    }

    @Test
    @Tag("long")
    void aProcessThatStoodStillDoesNotMoveTheCursorBack() throws Exception {
        String stream = "room:frozen";
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<String> first = new AtomicReference<>("");
        receiver.behave(message -> {
            if (first.compareAndSet("", message.instance())) {
                go.await(); // its answer comes when its process goes on
            }
            return message.seqs().getLast() > 10 ? 500 : 200;
        });
        publish(stream, 1);
        ServerProcess frozen = deliverer();
        frozen.freeze();
        publish(stream, 9);
        received(stream, 10);
        nothingWaits();
        publish(stream, 1);
        await().atMost(PATIENCE).until(() -> state().path("failing").size() == 1);

        go.countDown();
        frozen.thaw();
        await().atMost(PATIENCE)
                .until(() -> receiver.accepted(stream).stream()
                        .anyMatch(message -> message.instance().equals(first.get())));
        await().atMost(PATIENCE).until(frozen::ready);
        await().during(Duration.ofSeconds(2))
                .atMost(PATIENCE)
                .until(() -> state().path("failing").path(0).path("cursor").asLong() == 10);
        receiver.behave(_ -> 200);

        received(stream, 11);
        nothingWaits();
        assertThat(receiver.accepted(stream).getLast().seqs()).containsExactly(11L);
    }

    @Test
    void aStreamThatFailsIsNotOvertakenAndOthersGoOn() throws Exception {
        receiver.behave(message -> message.stream().equals("room:ill") ? 500 : 200);
        publish("room:ill", 3);
        publish("room:well", 3);
        received("room:well", 3);
        await().atMost(PATIENCE)
                .until(() -> state().path("failing").path(0).path("attempts").asInt() > 1);
        publish("room:ill", 2);

        JsonNode failing = state().path("failing").path(0);
        assertThat(failing.path("stream").asString()).isEqualTo("room:ill");
        assertThat(failing.path("error").asString()).isEqualTo("HTTP status 500");
        assertThat(state().path("state").asString()).isEqualTo("active");
        assertThat(receiver.messages().stream()
                        .filter(message -> message.stream().equals("room:ill")))
                .allMatch(message -> message.seqs().getFirst() == 1);

        receiver.behave(_ -> 200);
        received("room:ill", 5);
        receiver.requireOrder("room:ill", 0);
    }

    /** Or the two would wait for each other, which PostgreSQL ends after a second. */
    @Test
    void aDeliveryLocksItsWebhookBeforeItsStreamAsANoteDoes() throws Exception {
        for (int status : List.of(200, 500)) {
            String stream = "room:noted-" + status;
            CountDownLatch locked = new CountDownLatch(1);
            receiver.forget();
            receiver.behave(_ -> {
                locked.await();
                return status;
            });
            publish(stream, 1);
            await().atMost(PATIENCE).until(() -> !receiver.messages().isEmpty());
            try (Connection noting = processes.connect();
                    Statement note = noting.createStatement();
                    Connection watching = processes.connect();
                    Statement watch = watching.createStatement()) {
                noting.setAutoCommit(false);
                note.execute("select id from tutti.webhook for update");
                locked.countDown();
                await().atMost(PATIENCE)
                        .until(() -> watch.executeQuery(WAITS_FOR_ITS_WEBHOOK).next());

                boolean free = note.executeQuery("select stream from tutti.webhook_stream for update nowait")
                        .next();

                assertThat(free).as("after status %d", status).isTrue();
                noting.rollback();
            }
            receiver.behave(_ -> 200);
            received(stream, 1);
            nothingWaits();
        }
    }

    @Test
    @Tag("long")
    void aReceiverThatHangsOrRedirectsOrDiesIsTriedAgain() throws Exception {
        String stream = "room:away";
        CountDownLatch never = new CountDownLatch(1);
        receiver.behave(_ -> {
            never.await();
            return 200;
        });
        publish(stream, 1);
        await().atMost(PATIENCE).until(() -> state().path("error").asString("").contains("no answer within 8000 ms"));
        receiver.behave(_ -> 302);
        await().atMost(PATIENCE).until(() -> state().path("error").asString("").contains("302"));
        int port = receiver.port();
        receiver.close();
        await().atMost(PATIENCE).until(() -> state().path("error").asString("").contains("refused"));
        publish(stream, 2);

        receiver = new WebhookReceiver(port);
        received(stream, 3);

        receiver.requireOrder(stream, 0);
        nothingWaits();
        assertThat(state().path("failingSince").isNull()).isTrue();
    }

    @Test
    void afterARestoreOfTheDatabaseTheLastMinuteComesAgain() throws Exception {
        String stream = "room:restored";
        publish(stream, 2);
        received(stream, 2);
        nothingWaits();
        receiver.forget();

        change("life = 'of another'");
        received(stream, 2);
        publish(stream, 1);
        received(stream, 3);

        receiver.requireOrder(stream, 0);
        nothingWaits();
    }

    @Test
    void soItDoesAfterAFailoverToAServerWhoseClockIsBehind() throws Exception {
        String stream = "room:behind";
        publish(stream, 2);
        received(stream, 2);
        nothingWaits();
        receiver.forget();

        change("life = 'of another', seen_at = clock_timestamp() + interval '5 minutes'");

        received(stream, 2);
        receiver.requireOrder(stream, 0);
        nothingWaits();
    }

    private void change(String columns) throws SQLException {
        try (Connection connection = processes.connect();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate("update tutti.webhook set " + columns))
                    .isOne();
        }
    }
}
