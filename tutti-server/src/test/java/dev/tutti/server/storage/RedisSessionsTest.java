package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.server.storage.SessionServers.Answer;
import dev.tutti.server.storage.SessionServers.Login;
import dev.tutti.server.wiring.Server;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes of sessions in a real Redis, of two servers. */
@Tag("slow")
class RedisSessionsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String PLAIN = "the colour of the sofa";
    private static final String SCAN =
            "local all = {} for _, key in ipairs(redis.call('KEYS', '*')) do all[#all+1] = key"
                    + " if redis.call('TYPE', key).ok == 'hash' then for _, part in ipairs(redis.call('HGETALL', key)) do"
                    + " all[#all+1] = part end elseif redis.call('TYPE', key).ok == 'string' then all[#all+1] ="
                    + " redis.call('GET', key) end end return table.concat(all, '\\n')";

    @TempDir
    private static Path directory;

    private static EmbeddedDatabase database;
    private static RedisProcess redis;
    private static SessionServers servers;
    private static Server here;
    private static Server there;

    @BeforeAll
    static void start() throws IOException, InterruptedException {
        database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        redis = RedisProcess.server(directory);
        servers = new SessionServers(database.url());
        Map<String, String> environment = Map.of(
                "USE_REDIS_SESSIONS", "true",
                "REDIS_HOST", "127.0.0.1",
                "REDIS_PORT", "" + redis.port(),
                "SESSION_SECRET", "0123456789abcdef0123456789abcdef",
                "SESSION_ENCRYPTION_KEY", "fedcba9876543210fedcba9876543210");
        here = servers.start(environment);
        there = servers.start(environment);
        awaitRedis();
    }

    private static void awaitRedis() {
        for (Server server : List.of(here, there)) {
            String visitor = "tutti_visitor=" + "a".repeat(43);
            await().atMost(LONG).until(() -> servers.read(server, visitor).status() == 200);
        }
    }

    @AfterAll
    static void stop() {
        servers.close();
        redis.close();
        database.close();
    }

    @Test
    void whatOneInstanceSetsTheOtherHasAndRedisCannotRead() throws IOException, InterruptedException {
        Login ann = servers.login(here, "ann");
        assertThat(servers.read(here, ann.credentials()).attributes()).isEmpty();
        Map<?, ?> set = servers.set(here, ann.credentials(), Map.of("sofa", PLAIN, "steps", List.of(1, 2)))
                .attributes();
        assertThat(set).isEqualTo(Map.of("sofa", PLAIN, "steps", List.of(1, 2)));
        assertThat(servers.read(there, ann.credentials()).attributes()).isEqualTo(set);

        Map<String, @Nullable Object> removal = new HashMap<>();
        removal.put("steps", null);
        assertThat(servers.set(there, ann.credentials(), removal).attributes()).isEqualTo(Map.of("sofa", PLAIN));
        assertThat(servers.read(there, servers.login(there, "another").credentials())
                        .attributes())
                .isEmpty();

        String all = redis.cli("eval", SCAN, "0");
        assertThat(all).contains("tutti:session:{", "sofa").doesNotContain(PLAIN, ann.session());
        assertThat(Long.parseLong(redis.cli("ttl", keys().getFirst()).strip())).isBetween(86_000L, 86_400L);
    }

    @Test
    void requestsAtTheSameTimeLoseNothing() throws Exception {
        Login bob = servers.login(here, "bob");
        List<Future<Answer>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 40; i++) {
                String name = "name-" + i;
                Server at = i % 2 == 0 ? here : there;
                changes.add(threads.submit(() -> servers.set(at, bob.credentials(), Map.of(name, name))));
            }
            for (Future<Answer> change : changes) {
                assertThat(change.get().status()).isEqualTo(200);
            }
        }
        assertThat(servers.read(here, bob.credentials()).attributes()).hasSize(40);
    }

    @Test
    void whatSomebodyPutElsewhereInRedisIsNotBelieved() throws IOException, InterruptedException {
        redis.cli("flushall");
        Login cid = servers.login(here, "cid");
        servers.set(here, cid.credentials(), Map.of("role", "guest", "limit", 5))
                .attributes();
        String victim = keys().getFirst();
        Login eve = servers.login(here, "eve");
        servers.set(here, eve.credentials(), Map.of("role", "admin")).attributes();
        String other =
                keys().stream().filter(key -> !key.equals(victim)).findFirst().orElseThrow();

        String copy = "return redis.call('HSET', KEYS[1], ARGV[1], redis.call('HGET', KEYS[2], ARGV[2]))";
        redis.cli("eval", copy, "2", victim, other, "role", "role"); // another session's
        redis.cli("hset", victim, "made-up", "anything");
        assertThat(servers.read(there, cid.credentials()).attributes()).isEqualTo(Map.of("limit", 5));
        redis.cli("eval", copy, "2", victim, victim, "role", "limit"); // another attribute's
        assertThat(servers.read(there, cid.credentials()).attributes()).isEqualTo(Map.of("limit", 5));
        assertThat(servers.set(there, cid.credentials(), Map.of("role", "guest"))
                        .attributes())
                .isEqualTo(Map.of("limit", 5, "role", "guest"));
        assertThat(servers.call(here, "GET", "/metrics", "", null).body())
                .contains("tutti_session_attributes_refused_total");
    }

    @Test
    void aVisitorHasAttributesWithoutALogin() {
        Answer first = servers.set(here, "", Map.of("analytics", false));
        assertThat(first.cookie()).startsWith("tutti_visitor=");
        assertThat(servers.read(there, first.cookie()).attributes()).isEqualTo(Map.of("analytics", false));
        assertThat(servers.read(there, "").attributes()).isEmpty();
    }

    @Test
    void aSessionThatEndsTakesItsAttributesWithIt() throws IOException, InterruptedException {
        redis.cli("flushall");
        Login dan = servers.login(here, "dan");
        servers.set(here, dan.credentials(), Map.of("cart", "apples")).attributes();
        assertThat(keys()).hasSize(1);
        assertThat(servers.call(there, "POST", "/api/auth/logout", dan.credentials(), null)
                        .status())
                .isEqualTo(204);
        assertThat(servers.read(there, dan.credentials()).body()).contains("session_revoked");
        await().atMost(LONG)
                .until(() -> servers.read(here, dan.credentials()).body().contains("session_revoked"));
        await().atMost(LONG).until(() -> keys().isEmpty());
    }

    @Test
    void withoutRedisPeopleStayLoggedInAndAttributesAreUnavailable() throws IOException, InterruptedException {
        Login fay = servers.login(here, "fay");
        servers.set(here, fay.credentials(), Map.of("cart", "apples")).attributes();
        redis.kill();
        try {
            Answer away = servers.read(there, fay.credentials());
            assertThat(away.status()).isEqualTo(503);
            assertThat(away.body()).contains("\"unavailable\"");
            assertThat(servers.set(here, fay.credentials(), Map.of("cart", "pears"))
                            .status())
                    .isEqualTo(503);
            assertThat(servers.call(there, "GET", "/api/auth/me", fay.credentials(), null)
                            .status())
                    .isEqualTo(200);
            Login gus = servers.login(there, "gus");
            assertThat(servers.call(here, "GET", "/health/ready", "", null).status())
                    .isEqualTo(200);
            assertThat(servers.call(here, "POST", "/api/auth/logout", gus.credentials(), null)
                            .status())
                    .isEqualTo(204);
        } finally {
            redis.start();
        }
        awaitRedis();
        assertThat(servers.set(here, fay.credentials(), Map.of("cart", "pears")).attributes())
                .isEqualTo(Map.of("cart", "pears"));
        assertThat(servers.read(there, fay.credentials()).attributes()).isEqualTo(Map.of("cart", "pears"));
    }

    @Test
    void withoutTheSettingAttributesAreInPostgres() throws SQLException {
        Server plain = servers.start(Map.of());
        Login hal = servers.login(plain, "hal");
        servers.set(plain, hal.credentials(), Map.of("sofa", PLAIN)).attributes();
        assertThat(servers.read(plain, hal.credentials()).attributes()).isEqualTo(Map.of("sofa", PLAIN));
        assertThat(servers.read(here, hal.credentials()).attributes()).isEmpty();
        String[] user = URI.create(database.url()).getUserInfo().split(":", 2);
        try (Connection connection = DriverManager.getConnection(database.jdbcUrl(), user[0], user[1]);
                PreparedStatement all =
                        connection.prepareStatement("select string_agg(s::text, ' ') from tutti.session_attributes s");
                ResultSet rows = all.executeQuery()) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).contains("sofa").doesNotContain(PLAIN, hal.session());
        }
    }

    private static List<String> keys() throws IOException, InterruptedException {
        return redis.cli("keys", "tutti:session:*")
                .lines()
                .filter(key -> !key.isBlank())
                .toList();
    }
}
