package dev.tutti.account;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.FairPermits;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.limit.LimitStore;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.testkit.fixture.RouteAnswer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class LoginLimitTest {
    private static final FairPermits.Caller CALLER = new FairPermits.Caller("one", false);

    private final AtomicLong nanos = new AtomicLong();
    private final String name = "n" + Long.toString(System.nanoTime(), 36);

    @Test
    void whoGuessesAPasswordHasToWait() {
        try (AccountInstance instance = limited(new LimitSettings(3, 100, 100))) {
            register(instance, name, "10.0.0.1");

            assertThat(Stream.generate(() -> login(instance, "wrong password", "10.0.0.2"))
                            .limit(4)
                            .map(RouteAnswer::code))
                    .containsExactly("unauthenticated", "unauthenticated", "unauthenticated", "rate_limited");
            assertThat(login(instance, "12 chickens", "10.0.0.3").code()).isEqualTo("rate_limited");

            nanos.addAndGet(Duration.ofSeconds(20).toNanos());

            assertThat(login(instance, "12 chickens", "10.0.0.3").status()).isEqualTo(200);
        }
    }

    @Test
    void aBrowserThatHasLoggedInIsNotLockedOutByTheTriesOfOthers() {
        try (AccountInstance instance = limited(new LimitSettings(3, 4, 100))) {
            register(instance, name, "10.0.0.1");
            String device =
                    loginWithCookies(instance, "12 chickens", "10.0.0.1", "").cookie("tutti_device");
            for (int i = 0; i < 20; i++) {
                login(instance, "wrong password", "10.0.0.2");
            }
            assertThat(login(instance, "12 chickens", "10.0.0.3").code()).isEqualTo("rate_limited");

            // from anywhere, the address of whoever guesses included
            assertThat(loginWithCookies(instance, "12 chickens", "10.0.0.2", device)
                            .status())
                    .isEqualTo(200);
            // it has no more tries than anybody
            assertThat(Stream.generate(() -> loginWithCookies(instance, "wrong password", "10.0.0.4", device))
                            .limit(4)
                            .map(RouteAnswer::code))
                    .containsExactly("unauthenticated", "unauthenticated", "unauthenticated", "rate_limited");
        }
    }

    @Test
    void anAddressThatHasLoggedInIsNotLockedOutByTheTriesOfOthers() {
        try (AccountInstance instance = limited(new LimitSettings(3, 100, 100))) {
            register(instance, name, "2001:db8::1");
            for (int i = 0; i < 20; i++) {
                login(instance, "wrong password", "10.0.0." + i);
            }

            assertThat(login(instance, "12 chickens", "2001:db8::2:3").status()).isEqualTo(200);
            assertThat(login(instance, "12 chickens", "2001:db8:0:1::1").code()).isEqualTo("rate_limited");
        }
    }

    @Test
    void whatSaysThatABrowserHasLoggedInCannotBeMadeUpOrUsedForOthers() {
        try (AccountInstance instance = limited(new LimitSettings(3, 100, 100))) {
            register(instance, name, "10.0.0.1");
            register(instance, name + "x", "10.0.0.1");
            RouteAnswer others = instance.routes()
                    .call(
                            "POST",
                            "/api/auth/login",
                            Map.of(),
                            "10.0.0.1",
                            Map.of("name", name + "x", "password", "12 chickens", "cookies", true));
            String theirs = others.cookie("tutti_device");
            String forged = theirs.substring(0, theirs.length() - 2) + (theirs.endsWith("AA") ? "BB" : "AA");
            for (int i = 0; i < 3; i++) {
                login(instance, "wrong password", "10.0.0.2");
            }

            for (String device : new String[] {theirs, forged, "x", ".", "..", "a.b.c"}) {
                assertThat(loginWithCookies(instance, "12 chickens", "10.0.0.3", device)
                                .code())
                        .as(device)
                        .isEqualTo("rate_limited");
            }
        }
    }

    @Test
    void whoGuessesManyNamesHasToWait() {
        try (AccountInstance instance = limited(new LimitSettings(100, 3, 100))) {
            for (int i = 0; i < 3; i++) {
                assertThat(instance.routes()
                                .call(
                                        "POST",
                                        "/api/auth/login",
                                        Map.of(),
                                        "10.0.0.2",
                                        Map.of("name", name + i, "password", "12 chickens"))
                                .code())
                        .isEqualTo("unauthenticated");
            }

            assertThat(login(instance, "12 chickens", "10.0.0.2").code()).isEqualTo("rate_limited");
            assertThat(login(instance, "12 chickens", "10.0.0.3").code()).isEqualTo("unauthenticated");
        }
    }

    @Tag("slow")
    @Test
    void thePasswordOfOnesOwnAccountGivesNoMoreTriesAtOthers() {
        try (AccountInstance instance = limited(new LimitSettings(100, 3, 100))) {
            RouteAnswer own = register(instance, name, "10.0.0.2");
            Map<String, String> bearer = Map.of("authorization", "Bearer " + own.text("accessToken"));
            Map<String, String> same = Map.of("currentPassword", "12 chickens", "password", "12 chickens");
            for (int i = 0; i < 3; i++) {
                assertThat(instance.routes()
                                .call("POST", "/api/account/password", bearer, "10.0.0.2", same)
                                .status())
                        .isEqualTo(204);
                assertThat(guess(instance, "x" + name + i).code()).isEqualTo("unauthenticated");
            }

            assertThat(instance.routes()
                            .call("POST", "/api/account/password", bearer, "10.0.0.2", same)
                            .code())
                    .isEqualTo("rate_limited");
            assertThat(guess(instance, "x" + name).code()).isEqualTo("rate_limited");
        }
    }

    private static RouteAnswer guess(AccountInstance instance, String name) {
        return instance.routes()
                .call(
                        "POST",
                        "/api/auth/login",
                        Map.of(),
                        "10.0.0.2",
                        Map.of("name", name, "password", "one of many guesses"));
    }

    @Test
    void whoLogsInRightlyIsNotCounted() {
        try (AccountInstance instance = limited(new LimitSettings(3, 3, 100))) {
            register(instance, name, "10.0.0.1");

            for (int i = 0; i < 20; i++) {
                assertThat(login(instance, "12 chickens", "10.0.0.1").status()).isEqualTo(200);
            }
        }
    }

    @Test
    void triesThatWereNotJudgedDoNotLockTheName() {
        LoginAttempts attempts =
                new LoginAttempts(new LimitSettings(3, 100, 100), RateLimits.local(nanos::get), nanos::get);
        LoginAttempts.Origin origin = LoginAttempts.Origin.of("10.0.0.1", Optional.empty());
        for (int i = 0; i < 10; i++) {
            LoginAttempts.Attempt made = attempts.count(origin, name, Optional.of("user"));
            assertThatThrownBy(() -> made.judged(() -> {
                        throw new TuttiException(ErrorCode.OVERLOADED, "too many people log in at this moment");
                    }))
                    .isInstanceOf(TuttiException.class);
        }
        for (int i = 0; i < 3; i++) {
            LoginAttempts.Attempt wrong = attempts.count(origin, name, Optional.of("user"));
            assertThat(wrong.judged(() -> false)).isFalse();
        }
        assertThatThrownBy(() -> attempts.count(origin, name, Optional.of("user")))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED));
    }

    @Test
    void oneAddressMakesSoManyAccountsAndNoMore() {
        try (AccountInstance instance = limited(new LimitSettings(100, 100, 2))) {
            assertThat(register(instance, name + "a", "10.0.0.1").status()).isEqualTo(201);
            assertThat(register(instance, name + "b", "10.0.0.1").status()).isEqualTo(201);
            assertThat(register(instance, name + "c", "10.0.0.1").code()).isEqualTo("rate_limited");
            assertThat(register(instance, name + "d", "10.0.0.2").status()).isEqualTo(201);
        }
    }

    /** One customer may have all of a /48. */
    @Test
    void allNetworksOfACustomerMakeAsManyAccountsAsEightOfThem() {
        try (AccountInstance instance = limited(new LimitSettings(100, 100, 1))) {
            for (int i = 0; i < 8; i++) {
                assertThat(register(instance, name + i, "2001:db8:1:" + i + "::1")
                                .status())
                        .isEqualTo(201);
            }
            assertThat(register(instance, name + "x", "2001:db8:1:8::1").code()).isEqualTo("rate_limited");
            assertThat(register(instance, name + "y", "2001:db8:2::1").status()).isEqualTo(201);
        }
    }

    /** Each is estimated, which costs as much as a hash. */
    @Test
    void passwordsThatAreRefusedCountAsTheOthersDo() {
        try (AccountInstance instance = limited(new LimitSettings(100, 100, 2))) {
            for (String code : List.of("bad_request", "bad_request", "rate_limited")) {
                RouteAnswer answer = instance.routes()
                        .call(
                                "POST",
                                "/api/auth/register",
                                Map.of(),
                                "10.0.0.1",
                                Map.of("name", name, "password", "password"));
                assertThat(answer.code()).isEqualTo(code);
            }
        }
    }

    @Test
    void aWaitIsToldWithTheRefusal() {
        AttemptLimit limit = new AttemptLimit("tries", 1, RateLimits.local(nanos::get));
        limit.take("key");

        assertThatThrownBy(() -> limit.take("key")).isInstanceOfSatisfying(TuttiException.class, refused -> {
            assertThat(refused.code()).isEqualTo(ErrorCode.RATE_LIMITED);
            assertThat(refused.retryAfter()).contains(Duration.ofMinutes(1));
        });
    }

    @Test
    void triesAreCountedAtAllInstancesTogether() {
        Optional<LimitStore> store = MemoryBackend.open().limits();
        List<AttemptLimit> instances = Stream.generate(
                        () -> new RateLimits(store, () -> 2, nanos::get, new SimpleMeterRegistry()))
                .limit(2)
                .map(limits -> new AttemptLimit("tries", 3, limits))
                .toList();
        instances.getFirst().take("key");
        instances.getLast().take("key");
        instances.getLast().giveBack("key");
        instances.getFirst().take("key");
        instances.getLast().take("key");

        assertThatThrownBy(() -> instances.getFirst().take("key")).isInstanceOf(TuttiException.class);
        assertThatThrownBy(() -> instances.getLast().take("key")).isInstanceOf(TuttiException.class);
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
                            return passwords.hash("12 chickens", CALLER);
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
        assertThat(passwords.matches("12 chickens", Optional.of(passwords.hash("12 chickens", CALLER)), CALLER))
                .isTrue();
    }

    @Test
    void aHashSaysHowItWasMadeSoThatOldOnesStayGood() {
        String old =
                new Passwords(new PasswordSettings(64, 1, 1, 1, Duration.ofSeconds(60))).hash("pässword 👋", CALLER);
        Passwords now = new Passwords(new PasswordSettings(128, 2, 1, 1, Duration.ofSeconds(60)));

        assertThat(old).startsWith("$argon2id$v=19$m=64,t=1,p=1$");
        assertThat(now.matches("pässword 👋", Optional.of(old), CALLER)).isTrue();
        assertThat(now.matches("pa\u0308ssword 👋", Optional.of(old), CALLER)).isTrue();
        assertThat(now.matches("password 👋", Optional.of(old), CALLER)).isFalse();
    }

    @Test
    void hashesThatAreMadeAtTheSameTimeAndOneAfterAnotherAreGood() throws Exception {
        PasswordSettings settings = new PasswordSettings(256, 1, 4, 100, Duration.ofSeconds(60));
        Passwords passwords = new Passwords(settings);
        Passwords others = new Passwords(settings);
        CountDownLatch ready = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
            List<Future<Boolean>> all = IntStream.range(0, 32)
                    .mapToObj(i -> threads.submit(() -> {
                        FairPermits.Caller caller = new FairPermits.Caller("caller" + i, true);
                        ready.await();
                        Optional<String> hash = Optional.of(passwords.hash("password " + i, caller));
                        return others.matches("password " + i, hash, caller)
                                && passwords.matches("password " + i, hash, caller)
                                && !passwords.matches("password " + (i + 1), hash, caller);
                    }))
                    .toList();
            ready.countDown();
            for (Future<Boolean> good : all) {
                assertThat(good.get()).isTrue();
            }
        }
    }

    @Test
    void aHashIsMadeInTheMemoryOfThoseBefore() {
        int memoryKib = 4096;
        Passwords passwords = new Passwords(new PasswordSettings(memoryKib, 1, 1, 1, Duration.ofSeconds(60)));
        ThreadMXBean thread = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);
        passwords.hash("12 chickens", CALLER);

        long before = thread.getCurrentThreadAllocatedBytes();
        passwords.hash("12 chickens", CALLER);

        assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(memoryKib * 1024L / 2);
    }

    /** As the reference implementation makes it: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1. */
    @Test
    void hashesAreThoseOfTheReferenceImplementation() {
        Passwords passwords = new Passwords(new PasswordSettings(64, 1, 1, 1, Duration.ofSeconds(60)));

        assertThat(passwords.matches(
                        "password",
                        Optional.of(
                                "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"),
                        CALLER))
                .isTrue();
    }

    private AccountInstance limited(LimitSettings limits) {
        return new AccountInstance(AccountInstance.SETTINGS.withLimits(limits), nanos::get);
    }

    private static RouteAnswer register(AccountInstance instance, String name, String address) {
        return instance.routes()
                .call("POST", "/api/auth/register", Map.of(), address, Map.of("name", name, "password", "12 chickens"));
    }

    private RouteAnswer loginWithCookies(AccountInstance instance, String password, String address, String device) {
        return instance.routes()
                .call(
                        "POST",
                        "/api/auth/login",
                        device.isEmpty() ? Map.of() : Map.of("cookie", "tutti_device=" + device),
                        address,
                        Map.of("name", name, "password", password, "cookies", true));
    }

    private RouteAnswer login(AccountInstance instance, String password, String address) {
        return instance.routes()
                .call("POST", "/api/auth/login", Map.of(), address, Map.of("name", name, "password", password));
    }

    @Test
    void theLargestLimitsThatMayBeSetCanBeKept() {
        LimitSettings largest = new LimitSettings(1_000_000, 1_000_000, 1_000_000);
        try (AccountInstance instance = new AccountInstance(AccountInstance.SETTINGS.withLimits(largest))) {
            assertThat(instance.person().get("/api/auth/me").status()).isEqualTo(200);
        }
    }
}
