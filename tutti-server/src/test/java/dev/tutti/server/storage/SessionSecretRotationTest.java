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
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both secrets of sessions are changed at three servers, one after the other, while people go on at all of them. */
class SessionSecretRotationTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OLD = "old-secret-of-32-characters-or-more-";
    private static final String NEW = "new-secret-of-32-characters-or-more-";
    private static final int INSTANCES = 3;
    private static final int PEOPLE = 4;

    private final AtomicReferenceArray<Server> instances = new AtomicReferenceArray<>(INSTANCES);
    private final AtomicIntegerArray rounds = new AtomicIntegerArray(PEOPLE);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();

    /** Twelve servers are started. */
    @Test
    @Tag("long")
    void nobodyIsLoggedOutAndNoAttributeIsLostWhileBothAreReplaced(@TempDir Path directory) throws Exception {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(
                        DatabaseTemplate.copiedTo(EmbeddedSettings.in(directory.resolve("postgres"))
                                .withBinaries(Path.of("target", "postgres"))));
                RedisProcess redis = RedisProcess.server(directory);
                SessionServers servers = new SessionServers(database.url())) {
            Map<String, String> before = settings(redis, OLD, "");
            for (int i = 0; i < INSTANCES; i++) {
                instances.set(i, servers.start(before));
                awaitRedis(servers, instances.get(i));
            }
            List<Login> people = new ArrayList<>();
            for (int i = 0; i < PEOPLE; i++) {
                Login person = servers.login(instances.get(0), "person-" + i);
                servers.set(instances.get(0), person.credentials(), Map.of("kept", "from before"))
                        .attributes();
                people.add(person);
            }
            try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < PEOPLE; i++) {
                    int number = i;
                    threads.execute(() -> goOn(servers, people.get(number), number));
                }
                try {
                    for (Map<String, String> step :
                            List.of(settings(redis, OLD, NEW), settings(redis, NEW, OLD), settings(redis, NEW, ""))) {
                        for (int i = 0; i < INSTANCES; i++) {
                            Server next = servers.start(step);
                            awaitRedis(servers, next);
                            Server last = instances.getAndSet(i, next);
                            awaitRounds(); // nobody asks the last one any more
                            servers.end(last);
                        }
                    }
                } finally {
                    over.set(true);
                }
            }
        }
        assertThat(lost).isEmpty();
    }

    private static void awaitRedis(SessionServers servers, Server server) {
        await().atMost(LONG)
                .until(() ->
                        servers.read(server, "tutti_visitor=" + "a".repeat(43)).status() == 200);
    }

    /** Everybody has used their session at all instances twice from now on. */
    private void awaitRounds() {
        int[] now = new int[PEOPLE];
        for (int i = 0; i < PEOPLE; i++) {
            now[i] = rounds.get(i);
        }
        for (int i = 0; i < PEOPLE; i++) {
            int number = i;
            await().atMost(LONG).until(() -> over.get() || rounds.get(number) > now[number] + 2);
        }
    }

    /** One person adds to an attribute of their own at one instance after the other, and looks at another. */
    private void goOn(SessionServers servers, Login person, int number) {
        try {
            for (int round = 1; !over.get() && lost.isEmpty(); round++) {
                for (int i = 0; i < INSTANCES; i++) {
                    String name = "of-instance-" + i;
                    note(servers.set(instances.get(i), person.credentials(), Map.of(name, round)), name, round);
                    Server other = instances.get((i + 1) % INSTANCES);
                    note(servers.read(other, person.credentials()), name, round);
                }
                rounds.set(number, round);
            }
        } catch (RuntimeException | Error failure) {
            lost.add(failure.toString());
        } finally {
            over.compareAndSet(false, !lost.isEmpty());
        }
    }

    private void note(Answer answer, String name, int round) {
        if (answer.status() != 200) {
            lost.add(answer.toString());
            return;
        }
        Map<?, ?> attributes = answer.attributes();
        if (!"from before".equals(attributes.get("kept"))
                || !Integer.valueOf(round).equals(attributes.get(name))) {
            lost.add(name + " of round " + round + " in " + attributes);
        }
    }

    private static Map<String, String> settings(RedisProcess redis, String current, String previous) {
        return Map.of(
                "USE_REDIS_SESSIONS",
                "true",
                "REDIS_URL",
                "redis://127.0.0.1:" + redis.port(),
                "TUTTI_BUS",
                "postgres",
                "SESSION_SECRET",
                current + "names",
                "SESSION_SECRET_PREVIOUS",
                previous.isEmpty() ? "" : previous + "names",
                "SESSION_ENCRYPTION_KEY",
                current + "values",
                "SESSION_ENCRYPTION_KEY_PREVIOUS",
                previous.isEmpty() ? "" : previous + "values",
                "TUTTI_ACCESS_TTL",
                "2h");
    }
}
