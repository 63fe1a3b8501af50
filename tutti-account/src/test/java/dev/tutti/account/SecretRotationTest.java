package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.fixture.Person;
import dev.tutti.testkit.fixture.RouteAnswer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The secret is changed at three instances, one after the other, while people go on at all of them. */
class SecretRotationTest {
    private static final String OLD = "the old secret of 32 characters or more";
    private static final String NEW = "the new secret of 32 characters or more";
    private static final int INSTANCES = 3;
    private static final int PEOPLE = 12;

    private final AtomicReferenceArray<AccountInstance> instances = new AtomicReferenceArray<>(INSTANCES);
    private final List<AccountInstance> all = new ArrayList<>();
    private final AtomicBoolean over = new AtomicBoolean();
    private final AtomicLong answered = new AtomicLong();
    private final AtomicLongArray refreshed = new AtomicLongArray(PEOPLE); // how often each person has
    private final Queue<RouteAnswer> refused = new ConcurrentLinkedQueue<>();

    @Test
    void nobodyIsLoggedOutWhileTheSecretIsReplaced() {
        run(List.of(settings(OLD, NEW), settings(NEW, OLD), settings(NEW)));

        assertThat(refused).isEmpty();
        assertThat(refreshes()).allMatch(times -> times > 1);
    }

    /** The check can fail: without the step between, instances refuse what others have signed. */
    @Test
    void withoutTheStepBetweenTokensAreRefused() {
        run(List.of(settings(NEW)));

        assertThat(refused)
                .isNotEmpty()
                .allSatisfy(answer -> assertThat(answer.code()).isEqualTo("unauthenticated"));
    }

    private void run(List<AccountSettings> steps) {
        IntStream.range(0, INSTANCES).forEach(i -> replace(i, settings(OLD)));
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < PEOPLE; i++) {
                Person person = instances.get(0).person();
                RouteAnswer login = instances
                        .get(0)
                        .stranger()
                        .post(
                                "/api/auth/login",
                                Map.of("name", person.name(), "password", "password of " + person.name()));
                int number = i;
                threads.execute(() -> goOn(number, login));
            }
            for (AccountSettings step : steps) {
                for (int i = 0; i < INSTANCES; i++) {
                    awaitLoad();
                    replace(i, step);
                }
                awaitLoad();
                awaitRefreshes(); // those of before have run out: for TUTTI_ACCESS_TTL in real life
            }
            over.set(true);
        } finally {
            over.set(true);
            all.forEach(AccountInstance::close);
        }
    }

    /** One person asks all instances in turn, and refreshes now and then at any of them. */
    private void goOn(int person, RouteAnswer login) {
        String access = login.text("accessToken");
        String refresh = login.text("refreshToken");
        for (int i = 0; !over.get(); i++) {
            AccountInstance instance = instances.get(i % INSTANCES);
            if (i % 5 == 4) {
                RouteAnswer next = instance.stranger().post("/api/auth/refresh", Map.of("refreshToken", refresh));
                if (note(next)) {
                    access = next.text("accessToken");
                    refresh = next.text("refreshToken");
                    refreshed.incrementAndGet(person);
                }
            } else {
                note(instance.stranger().with(access).get("/api/auth/me"));
            }
        }
    }

    private boolean note(RouteAnswer answer) {
        answered.incrementAndGet();
        if (answer.status() != 200) {
            refused.add(answer);
        }
        return answer.status() == 200;
    }

    private void awaitLoad() {
        long before = answered.get();
        await().atMost(Duration.ofSeconds(30)).until(() -> answered.get() > before + 100);
    }

    /** Until everybody has begun and ended a refresh: the first of two may have begun before. */
    private void awaitRefreshes() {
        List<Long> before = refreshes();
        await().atMost(Duration.ofSeconds(30))
                .until(() -> IntStream.range(0, PEOPLE).allMatch(i -> refreshed.get(i) >= before.get(i) + 2));
    }

    private List<Long> refreshes() {
        return IntStream.range(0, PEOPLE).mapToObj(refreshed::get).toList();
    }

    private void replace(int number, AccountSettings settings) {
        AccountInstance started = new AccountInstance(settings, System::nanoTime);
        all.add(started);
        instances.set(number, started);
    }

    private static AccountSettings settings(String secret, String... previous) {
        return AccountSettings.of(secret)
                .withPreviousSecrets(List.of(previous))
                .withPasswords(AccountInstance.SETTINGS.passwords())
                .withLimits(AccountInstance.SETTINGS.limits());
    }
}
