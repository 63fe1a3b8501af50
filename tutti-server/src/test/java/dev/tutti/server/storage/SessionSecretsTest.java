package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.session.SessionSettings;
import dev.tutti.health.Status;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisUse;
import dev.tutti.session.Sessions;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Both secrets of sessions are changed at three instances, one after the other, while their attributes change. */
class SessionSecretsTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String OLD = "the old secret of 32 characters or more";
    private static final String NEW = "the new secret of 32 characters or more";
    private static final int INSTANCES = 3;
    private static final int SESSIONS = 8;

    private final AtomicReferenceArray<Tutti> instances = new AtomicReferenceArray<>(INSTANCES);
    private final List<Tutti> all = new ArrayList<>();
    private final AtomicIntegerArray rounds = new AtomicIntegerArray(SESSIONS);
    private final AtomicBoolean over = new AtomicBoolean();
    private final Queue<String> lost = new ConcurrentLinkedQueue<>();
    private RedisProcess redis;

    @BeforeEach
    void start(@TempDir Path directory) throws IOException, InterruptedException {
        redis = RedisProcess.server(directory);
    }

    @AfterEach
    void close() {
        all.forEach(Tutti::close);
        redis.close();
    }

    @Tag("slow")
    @Test
    void noAttributeIsLostWhileBothAreReplaced() {
        run(List.of(secrets(OLD, NEW), secrets(NEW, OLD), secrets(NEW)));
        assertThat(lost).isEmpty();
    }

    /** The check can fail: without the step between, instances do not find what others have set. */
    @Test
    void withoutTheStepBetweenAttributesAreLost() {
        run(List.of(secrets(NEW)));
        assertThat(lost).isNotEmpty();
    }

    /** As after a month in which somebody used their session, or did not. */
    @Test
    void whatIsUsedIsSealedAnew() {
        Sessions before = instance(secrets(OLD)).sessions();
        before.change("used", Map.of("cart", "apples"));
        before.change("unused", Map.of("cart", "pears"));
        Sessions between = instance(secrets(NEW, OLD)).sessions();
        assertThat(between.attributes("used")).isEqualTo(Map.of("cart", "apples"));

        Tutti after = instance(secrets(NEW));
        assertThat(after.sessions().attributes("used")).isEqualTo(Map.of("cart", "apples"));
        assertThat(after.sessions().attributes("unused")).isEmpty();
        assertThat(after.meters()
                        .get("tutti.session.attributes.refused")
                        .counter()
                        .count())
                .isZero();
        Tutti stranger = instance(new SessionSettings(secrets(NEW).nameSecrets(), List.of(OLD), LONG));
        assertThat(stranger.sessions().attributes("used")).isEmpty(); // found, and not opened
        assertThat(stranger.meters()
                        .get("tutti.session.attributes.refused")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void aSessionIsBounded() {
        Sessions sessions = instance(secrets(NEW)).sessions();
        Map<String, @Nullable Object> many = new HashMap<>();
        for (int i = 0; i < 101; i++) {
            many.put("n" + i, i);
        }
        Map<String, @Nullable Object> large = new HashMap<>();
        large.put("long", "x".repeat(33_000));
        for (Map<String, @Nullable Object> refused : List.of(many, large)) {
            assertThatThrownBy(() -> sessions.change("session", refused))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.LIMIT_REACHED));
        }
        assertThatThrownBy(() -> sessions.change("session", Map.of("a name", 1)))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.BAD_REQUEST));
        assertThat(sessions.attributes("session")).isEmpty();
    }

    private void run(List<SessionSettings> steps) {
        for (int i = 0; i < INSTANCES; i++) {
            instances.set(i, instance(secrets(OLD)));
        }
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SESSIONS; i++) {
                int number = i;
                instances.get(0).sessions().change("session " + number, Map.of("kept", "from before"));
                threads.execute(() -> goOn(number));
            }
            try {
                for (SessionSettings step : steps) {
                    for (int i = 0; i < INSTANCES; i++) {
                        instances.set(i, instance(step));
                        awaitRounds();
                    }
                }
            } finally {
                over.set(true);
            }
        }
    }

    /** Every session has been used at all instances from now on. */
    private void awaitRounds() {
        int[] now = new int[SESSIONS];
        for (int i = 0; i < SESSIONS; i++) {
            now[i] = rounds.get(i);
        }
        for (int i = 0; i < SESSIONS; i++) {
            int number = i;
            await().atMost(LONG).until(() -> over.get() || rounds.get(number) > now[number] + 2);
        }
    }

    /** One session is changed at one instance after the other, and looked at from another. */
    private void goOn(int number) {
        String session = "session " + number;
        try {
            for (int round = 1; !over.get(); round++) {
                for (int i = 0; i < INSTANCES; i++) {
                    String name = "of-instance-" + i;
                    note(instances.get(i).sessions().change(session, Map.of(name, round)), name, round);
                    note(instances.get((i + 1) % INSTANCES).sessions().attributes(session), name, round);
                }
                rounds.set(number, round);
            }
        } catch (RuntimeException | Error failure) {
            lost.add(failure.toString());
        } finally {
            over.set(true);
        }
    }

    private void note(Map<String, Object> attributes, String name, int round) {
        if (!"from before".equals(attributes.get("kept"))
                || !Integer.valueOf(round).equals(attributes.get(name))) {
            lost.add(name + " of round " + round + " in " + attributes);
        }
    }

    private Tutti instance(SessionSettings settings) {
        RedisBackend sessions = RedisBackend.open("redis://127.0.0.1:" + redis.port(), RedisUse.SESSIONS);
        Tutti instance =
                Tutti.on(MemoryBackend.open()).with(sessions).sessions(settings).start();
        all.add(instance);
        await().atMost(LONG).ignoreExceptions().until(() -> sessions.check() == Status.HEALTHY);
        return instance;
    }

    private static SessionSettings secrets(String... all) {
        List<String> names = Stream.of(all).map(secret -> secret + ", names").toList();
        return new SessionSettings(names, List.of(all), Duration.ofHours(1));
    }
}
