package dev.tutti.cli.proof.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.embedded.StandbyDatabase;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Two servers over one primary and its streaming replica, all of them real processes. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ReadReplicaTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** No single read takes longer, whatever happens to the replica: it has 5 s for an answer, and the primary answers then. */
    private static final Duration BOUND = Duration.ofSeconds(6);

    private static final int MOST_ROUNDS = 300;

    private EmbeddedDatabase primary;
    private StandbyDatabase standby;
    private ServerProcess one;
    private ServerProcess two;
    private ServerApi here;
    private ServerApi there;
    private Account ann;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Path programs = Path.of("target", "postgres");
        primary = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("primary")).withBinaries(programs)));
        standby = StandbyDatabase.of(
                primary, EmbeddedSettings.in(directory.resolve("standby")).withBinaries(programs));
        one = ServerProcess.of(launch(directory, "one"));
        two = ServerProcess.of(launch(directory, "two"));
        one.spawn();
        two.spawn();
        one.awaitReady();
        two.awaitReady();
        here = new ServerApi(one.launch().address());
        there = new ServerApi(two.launch().address());
        ann = here.register("ann.");
    }

    private Launch launch(Path directory, String name) throws IOException {
        return Solo.bare(Files.createDirectories(directory.resolve(name)))
                .with("DATABASE_URL", primary.url())
                .with("DATABASE_READ_REPLICA_URL", standby.url())
                .with("JWT_SECRET", "a-secret-that-both-of-them-share-long-enough")
                .with("INSTANCE_ID", name);
    }

    @AfterAll
    void stop() {
        one.close();
        two.close();
        here.close();
        there.close();
        standby.close();
        primary.close();
    }

    @BeforeEach
    void theReplicaIsUsed() {
        await().atMost(PATIENCE).until(() -> metric(one, "tutti_replica_usable") == 1);
        await().atMost(PATIENCE).until(() -> metric(two, "tutti_replica_usable") == 1);
    }

    @Test
    void listsSearchesAndHistoryAreReadAtTheReplica() throws Exception {
        String group = here.group(ann, "Readers", List.of());
        say(group, "first");
        double before = readsAtReplica();
        long conversations = scans("conversation");
        long words = scans("message_words");

        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(titles()).contains("Readers");
            assertThat(history(group)).containsExactly("first");
            assertThat(there.get("/api/users?query=ann", ann).path("users")).isNotEmpty();
            assertThat(there.get("/api/chat/search?query=first", ann).path("messages"))
                    .hasSize(1);
            assertThat(readsAtReplica()).isGreaterThanOrEqualTo(before + 8);
            assertThat(scans("conversation")).isGreaterThan(conversations);
            assertThat(scans("message_words")).isGreaterThan(words);
        });
    }

    @Test
    void whatWasWrittenAtOneInstanceIsReadAtAnotherAtOnce() throws Exception {
        double enough = readsAtReplica() + 30;
        String group = here.group(ann, "Fresh", List.of());
        List<String> said = new ArrayList<>();

        // each round must be right by itself, and enough of them are of the replica
        while (readsAtReplica() < enough) {
            assertThat(said).as("rounds").hasSizeLessThan(MOST_ROUNDS);
            said.addFirst("said-" + said.size());
            say(group, said.getFirst());
            assertThat(history(group)).containsExactlyElementsOf(said.subList(0, Math.min(50, said.size())));
            assertThat(lastMessages()).contains(said.getFirst());
        }
    }

    @Test
    void pagesOfAStreamFitTogetherWhereverEachIsRead() throws Exception {
        String room = "room:pages-" + System.nanoTime();
        double enough = readsAtReplica() + 20;
        int end = append(room, 0);

        for (int round = 0; readsAtReplica() < enough; round++) {
            assertThat(round).isLessThan(MOST_ROUNDS);
            theReplicaIsUsed();
            standby.execute("select pg_wal_replay_pause()");
            try {
                end = append(room, end);
                // the replica has the first pages, and the primary alone the last ones
                assertThat(seqs(room))
                        .containsExactlyElementsOf(
                                LongStream.rangeClosed(1, end).boxed().toList());
            } finally {
                standby.execute("select pg_wal_replay_resume()");
            }
        }
    }

    @Test
    void aReplicaThatLagsHidesNothingThatAUserWrote() throws Exception {
        standby.execute("alter system set recovery_min_apply_delay = '30s'");
        standby.execute("select pg_reload_conf()");
        try {
            for (int i = 0; i < 5; i++) {
                String title = "Unseen " + i;
                String group = here.group(ann, title, List.of());
                say(group, "hello");
                assertThat(titles()).contains(title);
                assertThat(history(group)).containsExactly("hello");
            }
            // it may have had the first ones before it heard of the delay
            assertThat(standby.value("select count(*) from tutti.conversation where title = 'Unseen 4'"))
                    .isEqualTo("0");
            awaitHealth("has not come to the replica");
            assertThat(metric(two, "tutti_replica_lag_seconds")).isGreaterThan(5);
        } finally {
            standby.execute("alter system reset recovery_min_apply_delay");
            standby.execute("select pg_reload_conf()");
        }
        theReplicaIsUsed();
    }

    @Test
    void aReplicaThatStandsStillOrIsKilledHoldsUpNobodyForLong() throws Exception {
        standby.freeze();
        try {
            readInTime();
            awaitHealth("");
            readInTime();
        } finally {
            standby.thaw();
        }
        theReplicaIsUsed();

        standby.kill();
        try {
            readInTime();
            awaitHealth("refused");
            readInTime();
        } finally {
            standby.start();
        }
        theReplicaIsUsed();
    }

    @Test
    void aPromotedReplicaIsNotReadAnyMore() throws Exception {
        here.group(ann, "Genuine", List.of());
        standby.execute("select pg_promote(true, 60)");
        standby.execute("update tutti.conversation set title = 'Forged'");

        try {
            for (int i = 0; i < 20; i++) {
                assertThat(titles()).contains("Genuine").doesNotContain("Forged");
            }
            awaitHealth("takes writes of its own");
            assertThat(two.output())
                    .contains("ERROR")
                    .contains("all reads go to the primary: it is no replica any more");
            double before = readsAtReplica();
            assertThat(titles()).contains("Genuine").doesNotContain("Forged");
            assertThat(readsAtReplica()).isEqualTo(before);
        } finally {
            standby.kill();
            standby.make();
        }
        theReplicaIsUsed();
    }

    private void say(String group, String text) throws Exception {
        here.post("/api/conversations/" + group + "/messages", ann, Map.of("id", text, "text", text));
    }

    /** How many there are then. */
    private int append(String room, int already) throws Exception {
        List<Map<String, Object>> events = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            events.add(Map.of("stream", room, "type", "counted", "data", already + i));
        }
        here.post("/api/streams", ann, events);
        return already + events.size();
    }

    private List<Long> seqs(String room) throws Exception {
        List<Long> seqs = new ArrayList<>();
        boolean more = true;
        while (more) {
            long after = seqs.isEmpty() ? 0 : seqs.getLast();
            JsonNode page = there.get("/api/streams/" + room + "?limit=20&after=" + after, ann);
            page.path("events").forEach(event -> seqs.add(event.path("seq").asLong()));
            more = page.path("more").asBoolean();
        }
        return seqs;
    }

    private List<String> titles() throws Exception {
        return texts(there.get("/api/chat", ann).path("conversations"), "title");
    }

    private List<String> lastMessages() throws Exception {
        List<String> texts = new ArrayList<>();
        there.get("/api/chat", ann)
                .path("conversations")
                .forEach(each -> texts.add(each.path("lastMessage").path("text").asString("")));
        return texts;
    }

    private List<String> history(String group) throws Exception {
        return texts(there.get("/api/conversations/" + group + "/messages", ann).path("messages"), "text");
    }

    private static List<String> texts(JsonNode nodes, String field) {
        List<String> texts = new ArrayList<>();
        nodes.forEach(node -> texts.add(node.path(field).asString("")));
        return texts;
    }

    private void readInTime() throws Exception {
        for (ServerApi api : List.of(here, there)) {
            long begin = System.nanoTime();
            assertThat(api.get("/api/chat", ann).path("me").path("id").asString())
                    .isEqualTo(ann.id());
            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(BOUND);
        }
    }

    /** Degraded, with that reason, and ready. */
    private void awaitHealth(String reason) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode health = there.get("/health", null);
            assertThat(health.path("checks").path("replica").asString()).isEqualTo("unavailable");
            assertThat(health.path("reasons").path("replica").asString()).contains(reason);
            assertThat(health.path("status").asString()).isEqualTo("degraded");
            assertThat(two.ready()).isTrue();
        });
    }

    /** How often the replica itself says that a table was looked at. */
    private long scans(String table) throws Exception {
        return Long.parseLong(standby.value("select coalesce(sum(seq_scan + coalesce(idx_scan, 0)), 0)"
                + " from pg_stat_user_tables where schemaname = 'tutti' and relname = '" + table + "'"));
    }

    private double readsAtReplica() throws Exception {
        return metric(two, "tutti_replica_reads_total{where=\"replica\"}");
    }

    private static double metric(ServerProcess server, String name) throws Exception {
        try (Api api = new Api()) {
            return api.fetch(server.launch().address().resolve("/metrics"))
                    .body()
                    .lines()
                    .filter(line -> line.startsWith(name))
                    .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no " + name + " among the metrics"));
        }
    }
}
