package dev.tutti.cli.proof.job;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.WebAndRunners;
import dev.tutti.server.key.ApiKeys;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Three real processes on one PostgreSQL, one of which answers clients alone, and an application whose jobs have an effect. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class JobsAcrossProcessesTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration PROMISED = Duration.ofSeconds(10);

    private final Account root = program(ApiKeys.root(Solo.SECRET));
    private WebAndRunners processes;
    private ServerApi api;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        String application = packed(directory.resolve("application")).toString();
        processes = WebAndRunners.start(directory, Map.of(), Map.of("TUTTI_APPLICATION", application));
        api = processes.api();
        execute("create table note (what text, job bigint, attempt int, instance text, at timestamptz default now(),"
                + " unique (what, job, attempt))");
        execute("create table allowed (n int)");
    }

    /** The application's classes, apart from those of the tests. */
    private static Path packed(Path directory) throws IOException {
        String file = Charges.class.getName().replace('.', '/') + ".class";
        Path copy = directory.resolve(file);
        Files.createDirectories(requireNonNull(copy.getParent()));
        try (var bytes = requireNonNull(Charges.class.getClassLoader().getResourceAsStream(file))) {
            Files.copy(bytes, copy);
        }
        Path services = Files.createDirectories(directory.resolve("META-INF/services"));
        Files.writeString(services.resolve("dev.tutti.server.Application"), Charges.class.getName() + "\n");
        return directory;
    }

    @AfterAll
    void stop() {
        processes.close();
    }

    @BeforeEach
    void forbid() throws SQLException {
        execute("delete from allowed");
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = processes.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private record Note(int attempt, String instance) {}

    private List<Note> notes(String what, long job) throws SQLException {
        List<Note> notes = new ArrayList<>();
        try (Connection connection = processes.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select attempt, instance from note where what = '" + what
                        + "' and job = " + job + " order by attempt")) {
            while (rows.next()) {
                notes.add(new Note(rows.getInt("attempt"), rows.getString("instance")));
            }
        }
        return notes;
    }

    private static Account program(String token) {
        return new Account("", "", token);
    }

    private JsonNode job(long id) throws Exception {
        return api.get("/api/server/jobs/" + id, root);
    }

    private long enqueued(Map<String, Object> more) throws Exception {
        Map<String, Object> body = new LinkedHashMap<>(Map.of("kind", "charge", "data", Map.of("cents", 100)));
        body.putAll(more);
        return api.post("/api/server/jobs", root, body).path("id").asLong();
    }

    /** The process that runs the first attempt. */
    private ServerProcess runner(long id) {
        await().atMost(PATIENCE).until(() -> notes("begun", id).size() == 1);
        return await().until(
                        () -> processes.runner(notes("begun", id).getFirst().instance()), _ -> true);
    }

    /** Waits for the second attempt. */
    private void begunAgain(long id, TestReporter reporter) {
        long begin = System.nanoTime();
        await().pollInterval(Duration.ofMillis(20))
                .atMost(PATIENCE)
                .until(() -> notes("begun", id).size() == 2);
        Duration took = Duration.ofNanos(System.nanoTime() - begin);
        reporter.publishEntry("milliseconds until another one began", "" + took.toMillis());
        assertThat(took).isLessThan(PROMISED);
    }

    private void completed(long id) {
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(job(id).path("state").asString()).isEqualTo("completed"));
    }

    @Test
    void theJobOfARunnerThatIsKilledRunsAgainAndHasItsEffectOnce(TestReporter reporter) throws Exception {
        long id = enqueued(Map.of());
        ServerProcess runner = runner(id);

        runner.kill();
        begunAgain(id, reporter);
        execute("insert into allowed values (1)");
        completed(id);

        assertThat(notes("effect", id)).extracting(Note::attempt).containsExactly(2);
        assertThat(job(id).path("attempt").asInt()).isEqualTo(2);
        runner.start();
    }

    @Test
    @Tag("long")
    void aRunnerThatStoodStillHasNoEffectAfterwards(TestReporter reporter) throws Exception {
        long id = enqueued(Map.of());
        ServerProcess runner = runner(id);

        runner.freeze();
        begunAgain(id, reporter);
        execute("insert into allowed values (1)");
        completed(id);
        runner.thaw();
        await().atMost(PATIENCE).until(() -> !notes("refused", id).isEmpty());

        assertThat(notes("refused", id)).extracting(Note::attempt).containsExactly(1);
        assertThat(notes("effect", id)).extracting(Note::attempt).containsExactly(2);
    }

    @Test
    void theOwnerFollowsAJobAndNobodyElseDoes() throws Exception {
        execute("insert into allowed values (1)");
        Account ann = api.register("ann.");
        Account ben = api.register("ben.");
        long id = enqueued(Map.of("owner", ann.id(), "priority", 5));
        completed(id);

        JsonNode events = api.get("/api/streams/job:" + id, ann).path("events");
        assertThat(events.valueStream().map(event -> event.path("type").asString()))
                .containsExactly("pending", "running", "completed");
        for (String stream : List.of("job:" + id, "job:999999", "job:x")) {
            assertThat(api.send("GET", "/api/streams/" + stream, ben, null).error())
                    .isEqualTo("forbidden");
        }
        assertThat(api.send("POST", "/api/streams/job:" + id, ann, Map.of("type", "failed", "data", 1))
                        .error())
                .isEqualTo("forbidden");
    }

    @Test
    void operatorsCancelAndRetryWithAKeyForThatKind() throws Exception {
        String made = api.post("/api/server/keys", root, Map.of("name", "ops", "capabilities", List.of("jobs:charge")))
                .path("token")
                .asString();
        Account operator = program(made);
        execute("insert into allowed values (1)");
        long id = enqueued(Map.of("runAt", "2099-01-01T00:00:00Z", "uniqueKey", "later"));

        String path = "/api/server/jobs/" + id;
        assertThat(api.send("POST", path + "/retry", operator, Map.of()).error())
                .isEqualTo("conflict");
        assertThat(api.post(path + "/cancel", operator, Map.of()).path("error").asString())
                .isEqualTo("cancelled");
        JsonNode failed = api.get("/api/server/jobs?kind=charge&state=failed&limit=1", operator);
        assertThat(failed.path("jobs").path(0).path("id").asLong()).isEqualTo(id);
        api.post(path + "/retry", operator, Map.of());
        completed(id);

        assertThat(api.send("GET", "/api/server/jobs", operator, null).error()).isEqualTo("forbidden");
        assertThat(api.send("GET", "/api/server/jobs?kind=other", operator, null)
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("GET", "/api/server/jobs/999999", operator, null).error())
                .isEqualTo("not_found");
        assertThat(api.send("POST", "/api/server/jobs", operator, Map.of("kind", "other", "data", 1))
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("POST", "/api/server/jobs", root, Map.of("kind", "charge", "data", "\0"))
                        .error())
                .isEqualTo("bad_request");
    }

    @Test
    void aJobMayHaveANegativePriority() throws Exception {
        long id = enqueued(Map.of("runAt", "2099-01-01T00:00:00Z", "priority", -5));
        assertThat(job(id).path("priority").asInt()).isEqualTo(-5);
        api.post("/api/server/jobs/" + id + "/cancel", root, Map.of());

        List<Map<String, Object>> refused =
                List.of(Map.of("priority", -1001), Map.of("priority", 1L << 31), Map.of("attempts", -1));
        for (Map<String, Object> wrong : refused) {
            Map<String, Object> body = new LinkedHashMap<>(Map.of("kind", "charge", "data", 1));
            body.putAll(wrong);
            assertThat(api.send("POST", "/api/server/jobs", root, body).error())
                    .as("%s", wrong)
                    .isEqualTo("bad_request");
        }
    }

    @Test
    void operatorsCountABatchAndRetryDeadLettersOfAKindTogether() throws Exception {
        String made = api.post("/api/server/keys", root, Map.of("name", "ops", "capabilities", List.of("jobs:charge")))
                .path("token")
                .asString();
        Account operator = program(made);
        execute("insert into allowed values (1)");
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            long id = enqueued(Map.of("runAt", "2099-01-01T00:00:00Z", "batch", "all/1"));
            api.post("/api/server/jobs/" + id + "/cancel", root, Map.of());
            ids.add(id);
        }
        String batch = "/api/server/jobs/batches/all%2F1";
        assertThat(api.get(batch, root).path("failed").asLong()).isEqualTo(3);

        Map<String, Object> wish = Map.of("kind", "charge", "batch", "all/1", "limit", 2);
        JsonNode latest = api.post("/api/server/jobs/retry", operator, wish);
        assertThat(latest.path("retried").asInt()).isEqualTo(2);
        assertThat(latest.path("before").asLong()).isEqualTo(ids.get(1));
        JsonNode last = api.post("/api/server/jobs/retry", operator, wish);
        assertThat(last.path("retried").asInt()).isEqualTo(1);
        assertThat(last.path("before").isNull()).isTrue();

        for (long id : ids) {
            completed(id);
        }
        assertThat(api.get(batch, root).path("completed").asLong()).isEqualTo(3);
        assertThat(api.get("/api/server/jobs/crons", root).path("crons").isArray())
                .isTrue();
        for (String path : List.of(batch, "/api/server/jobs/crons")) {
            assertThat(api.send("GET", path, operator, null).error()).isEqualTo("forbidden");
        }
        assertThat(api.send("POST", "/api/server/jobs/retry", operator, Map.of("kind", "other"))
                        .error())
                .isEqualTo("forbidden");
        assertThat(api.send("POST", "/api/server/jobs/retry", operator, Map.of("kind", "charge", "limit", 101))
                        .error())
                .isEqualTo("bad_request");
    }
}
