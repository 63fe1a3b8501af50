package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.http.LimitRule;
import dev.tutti.edge.http.RequestLimits;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.health.Status;
import dev.tutti.http.Reply;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisUse;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.process.RedisProcess;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Limits of three instances that answer requests, with a PostgreSQL in common, and with a Redis. */
@Tag("slow")
class SharedLimitsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final int CLIENTS = 200;
    private static final int INSTANCES = 3;
    private static final int LIMIT = 90;
    private static final int ATTEMPTS = 8;

    private static EmbeddedDatabase database;

    @TempDir
    private static Path directory;

    private final List<Tutti> instances = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final Api client = new Api(LONG);

    @BeforeAll
    static void startDatabase() throws Exception {
        database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
    }

    @AfterAll
    static void stopDatabase() {
        database.close();
    }

    @AfterEach
    void close() {
        client.close();
        edges.forEach(Edge::close);
        instances.forEach(Tutti::close);
    }

    private void start(Optional<String> redis) {
        for (int i = 0; i < INSTANCES; i++) {
            Tutti.Builder builder = Tutti.on(PostgresBackend.at(PostgresAddress.parse(database.url()))
                    .connections(20, 2)
                    .open());
            redis.map(url -> RedisBackend.open(url, RedisUse.LIMITS)).ifPresent(builder::with);
            Tutti tutti =
                    builder.secret("a secret of the tests, and of no one else").start();
            instances.add(tutti);
            edges.add(Edge.of(tutti)
                    .limits(limits(tutti))
                    .port(0)
                    .routes(routes -> routes.on("GET", "/:name", _ -> Reply.empty()))
                    .start());
        }
        await().atMost(LONG)
                .until(() -> instances.stream()
                        .allMatch(each -> each.members().others().size() == INSTANCES - 1));
    }

    private static RequestLimits limits(Tutti tutti) {
        StringBuilder rules =
                new StringBuilder("/warm by address: 1000000 per 10h; /warm-too by route: 1000000 per 10h");
        for (String path : List.of("first", "second", "third")) {
            for (int i = 0; i < ATTEMPTS; i++) {
                rules.append("; /%s-%d by address: %d per 10h".formatted(path, i, LIMIT));
            }
        }
        return new RequestLimits(LimitRule.parse(rules.toString()), tutti.limits(), _ -> false);
    }

    /** How often clients that all ask at once are allowed {@code path}, by instance; each is refused otherwise. */
    private List<AtomicInteger> allowed(String path) throws Exception {
        List<AtomicInteger> allowed = List.of(new AtomicInteger(), new AtomicInteger(), new AtomicInteger());
        List<CompletableFuture<?>> asked = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            int instance = i % INSTANCES;
            URI uri = URI.create("http://127.0.0.1:" + edges.get(instance).port() + path);
            asked.add(client.sendAsync(HttpRequest.newBuilder(uri), HttpResponse.BodyHandlers.discarding())
                    .thenAccept(answer -> {
                        assertThat(answer.statusCode()).isIn(204, 429);
                        if (answer.statusCode() == 204) {
                            allowed.get(instance).incrementAndGet();
                        }
                    }));
        }
        CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new)).get(60, TimeUnit.SECONDS);
        return allowed;
    }

    private int total(String path) throws Exception {
        return allowed(path).stream().mapToInt(AtomicInteger::get).sum();
    }

    private boolean allUseTheStore() {
        return instances.stream()
                .allMatch(each ->
                        each.meters().get("tutti.limit.store.available").gauge().value() == 1);
    }

    private double failures() {
        return instances.stream()
                .mapToDouble(each -> each.meters()
                        .get("tutti.limit.store.failures")
                        .counter()
                        .count())
                .sum();
    }

    private void warm() {
        await().atMost(LONG).until(() -> {
            double before = failures();
            return total("/warm") > 0 && total("/warm-too") > 0 && allUseTheStore() && failures() == before;
        });
    }

    /**
     * All clients together are allowed exactly the limit at a path that begins with {@code path}, and nothing after that. A call that
     * is late is decided by the share, and after some of these all are for a while, so that another path is tried when all use the
     * store again.
     */
    private void assertExact(String path) throws Exception {
        for (int i = 0; i < ATTEMPTS; i++) {
            warm();
            double before = failures();
            int all = total(path + "-" + i);
            int more = total(path + "-" + i);
            if (failures() == before) {
                assertThat(all).isEqualTo(LIMIT);
                assertThat(more).isZero();
                return;
            }
        }
        fail("calls of the store were late in each of %d attempts", ATTEMPTS);
    }

    @Test
    void onPostgresThreeInstancesAllowExactlyTheLimit() throws Exception {
        start(Optional.empty());
        assertExact("/first");
    }

    @Test
    void onRedisTheyDoAndEachEnforcesItsShareWhileItIsAway(@TempDir Path redisDirectory) throws Exception {
        try (RedisProcess redis = RedisProcess.server(redisDirectory)) {
            start(Optional.of("redis://127.0.0.1:" + redis.port()));
            await().atMost(LONG)
                    .until(() -> instances.stream()
                            .allMatch(each -> each.health().report().checks().get("redis-limits") == Status.HEALTHY));
            assertExact("/first");

            redis.kill();
            assertThat(allowed("/second-0")).allSatisfy(each -> assertThat(each).hasValue(LIMIT / INSTANCES));

            redis.start();
            assertExact("/third");
        }
    }
}
