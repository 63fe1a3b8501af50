package dev.tutti.server.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.fixture.Answer;
import dev.tutti.server.fixture.TestInstance;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LoginLimitTest {
    private final AtomicLong nanos = new AtomicLong();
    private final String name = "n" + Long.toString(System.nanoTime(), 36);

    @Test
    void whoGuessesAPasswordHasToWait() {
        try (TestInstance instance = limited(new LimitSettings(3, 100, 100))) {
            register(instance, name, "10.0.0.1");

            assertThat(Stream.generate(() -> login(instance, "wrong password", "10.0.0.2"))
                            .limit(4)
                            .map(Answer::code))
                    .containsExactly("unauthenticated", "unauthenticated", "unauthenticated", "rate_limited");
            assertThat(login(instance, "12345678", "10.0.0.3").code()).isEqualTo("rate_limited");

            nanos.addAndGet(Duration.ofSeconds(20).toNanos());

            assertThat(login(instance, "12345678", "10.0.0.3").status()).isEqualTo(200);
        }
    }

    @Test
    void whoGuessesManyNamesHasToWait() {
        try (TestInstance instance = limited(new LimitSettings(100, 3, 100))) {
            for (int i = 0; i < 3; i++) {
                assertThat(instance.routes()
                                .call(
                                        "POST",
                                        "/api/auth/login",
                                        Map.of(),
                                        "10.0.0.2",
                                        Map.of("name", name + i, "password", "12345678"))
                                .code())
                        .isEqualTo("unauthenticated");
            }

            assertThat(login(instance, "12345678", "10.0.0.2").code()).isEqualTo("rate_limited");
            assertThat(login(instance, "12345678", "10.0.0.3").code()).isEqualTo("unauthenticated");
        }
    }

    @Test
    void whoLogsInRightlyIsNotCounted() {
        try (TestInstance instance = limited(new LimitSettings(3, 3, 100))) {
            register(instance, name, "10.0.0.1");

            for (int i = 0; i < 20; i++) {
                assertThat(login(instance, "12345678", "10.0.0.1").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void oneAddressMakesSoManyAccountsAndNoMore() {
        try (TestInstance instance = limited(new LimitSettings(100, 100, 2))) {
            assertThat(register(instance, name + "a", "10.0.0.1").status()).isEqualTo(201);
            assertThat(register(instance, name + "b", "10.0.0.1").status()).isEqualTo(201);
            assertThat(register(instance, name + "c", "10.0.0.1").code()).isEqualTo("rate_limited");
            assertThat(register(instance, name + "d", "10.0.0.2").status()).isEqualTo(201);
        }
    }

    @Test
    void aWaitIsToldWithTheRefusal() {
        TryLimit limit = new TryLimit(1, nanos::get);
        limit.take("key");

        assertThatThrownBy(() -> limit.take("key")).isInstanceOfSatisfying(TuttiException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(refused.retryAfter()).contains(Duration.ofMinutes(1));
        });
    }

    @Test
    void moreHashesThanMayWaitAreRefusedAtOnce() throws Exception {
        Passwords passwords = new Passwords(new PasswordSettings(20_000, 2, 1, 2, Duration.ofSeconds(60)));
        AtomicInteger refused = new AtomicInteger();
        CountDownLatch ready = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(16)) {
            var all = IntStream.range(0, 16)
                    .<Future<?>>mapToObj(_ -> threads.submit(() -> {
                        ready.await();
                        try {
                            return passwords.hash("12345678");
                        } catch (TuttiException overloaded) {
                            assertThat(overloaded.code()).isEqualTo(ErrorCode.OVERLOADED);
                            refused.incrementAndGet();
                            return "";
                        }
                    }))
                    .toList();
            ready.countDown();
            for (Future<?> one : all) {
                one.get();
            }
        }
        assertThat(refused.get()).isPositive();
        assertThat(passwords.matches("12345678", passwords.hash("12345678"))).isTrue();
    }

    @Test
    void aHashSaysHowItWasMadeSoThatOldOnesStayGood() {
        String old = new Passwords(new PasswordSettings(64, 1, 1, 1, Duration.ofSeconds(60))).hash("pässword 👋");
        Passwords now = new Passwords(new PasswordSettings(128, 2, 1, 1, Duration.ofSeconds(60)));

        assertThat(old).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(now.matches("pässword 👋", old)).isTrue();
        assertThat(now.matches("pa\u0308ssword 👋", old)).isTrue();
        assertThat(now.matches("password 👋", old)).isFalse();
    }

    /** As the reference implementation makes it: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1. */
    @Test
    void hashesAreThoseOfTheReferenceImplementation() {
        Passwords passwords = new Passwords(new PasswordSettings(64, 1, 1, 1, Duration.ofSeconds(60)));

        assertThat(passwords.matches(
                        "password",
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .isTrue();
    }

    private TestInstance limited(LimitSettings limits) {
        return new TestInstance(TestInstance.SETTINGS.withLimits(limits), nanos::get);
    }

    private static Answer register(TestInstance instance, String name, String address) {
        return instance.routes()
                .call("POST", "/api/auth/register", Map.of(), address, Map.of("name", name, "password", "12345678"));
    }

    private Answer login(TestInstance instance, String password, String address) {
        return instance.routes()
                .call("POST", "/api/auth/login", Map.of(), address, Map.of("name", name, "password", password));
    }
}
