package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import dev.tutti.memory.MemoryBackend;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitsTest {
    private static final RateLimit LIMIT = RateLimit.of(30, Duration.ofHours(1));
    private static final Duration LONG = Duration.ofSeconds(30);

    private final MeterRegistry meters = new SimpleMeterRegistry();
    private final AtomicInteger calls = new AtomicInteger();
    private final AtomicInteger instances = new AtomicInteger(3);
    private volatile CountDownLatch hanging = new CountDownLatch(0);

    /** A real store that counts its calls, and hangs when it shall. */
    private LimitStore store() {
        LimitStore memory = MemoryBackend.open().limits().orElseThrow();
        return (bucket, limit, wanted) -> {
            calls.incrementAndGet();
            try {
                hanging.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
            return memory.take(bucket, limit, wanted);
        };
    }

    private RateLimiter limiter(LimitStore store) {
        return new RateLimits(Optional.of(store), instances::get, System::nanoTime, meters).limiter("test", LIMIT);
    }

    /** One that calls the store on the caller's thread, so that no answer is late, however busy the machine. */
    private RateLimiter promptLimiter(LimitStore store) {
        return new RateLimits(Optional.of(store), Runnable::run, instances::get, System::nanoTime, meters)
                .limiter("test", LIMIT);
    }

    private static int allowed(RateLimiter limiter, String holder, int tries) {
        int allowed = 0;
        for (int i = 0; i < tries; i++) {
            allowed += limiter.take(holder).isAllowed() ? 1 : 0;
        }
        return allowed;
    }

    @Test
    void aBucketThatIsKnownToBeEmptyIsNotAskedFor() {
        RateLimiter limiter = promptLimiter(store());
        assertThat(allowed(limiter, "ann", 30)).isEqualTo(30);
        assertThat(limiter.refusal("bob")).isEmpty();
        int before = calls.get();
        assertThat(allowed(limiter, "ann", 1_000)).isZero();
        assertThat(calls).hasValue(before);
        Taken refusal = limiter.refusal("ann").orElseThrow();
        assertThat(refusal.untilNext()).isBetween(Duration.ofSeconds(110), Duration.ofMinutes(2));
        assertThat(refusal.untilFull()).isBetween(Duration.ofMinutes(59), Duration.ofHours(1));

        limiter.giveBack("ann");
        assertThat(limiter.take("ann").isAllowed()).isTrue();
        assertThat(limiter.take("ann").isAllowed()).isFalse();
    }

    @Test
    void theNetworksOfAnIpv6SiteHaveEightTimesTheLimitTogether() {
        RateLimiter limiter = new RateLimits(
                        Optional.of(store()), Runnable::run, instances::get, System::nanoTime, meters)
                .byAddress("test", LIMIT);
        int all = 0;
        for (int i = 0; i < 20; i++) {
            all += allowed(limiter, network("2001:db8:1:" + i + "::1"), 31);
        }

        assertThat(all).isEqualTo(8 * 30);
        assertThat(allowed(limiter, network("2001:db8:2::1"), 31)).isEqualTo(30);
        assertThat(allowed(limiter, network("192.0.2.1"), 31)).isEqualTo(30);
        assertThat(limiter.refusal(network("2001:db8:1:ff::1"))).isPresent();

        limiter.giveBack(network("2001:db8:1:1::1"));
        assertThat(allowed(limiter, network("2001:db8:1:ff::1"), 2)).isEqualTo(1);
    }

    @Test
    void aRefusalToTheSiteCostsTheNetworkNothingAndCountsAsOne() {
        RateLimiter limiter = new RateLimits(
                        Optional.of(store()), Runnable::run, instances::get, System::nanoTime, meters)
                .byAddress("test", LIMIT);
        for (int i = 0; i < 8; i++) {
            assertThat(allowed(limiter, network("2001:db8:1:" + i + "::1"), 30)).isEqualTo(30);
        }
        String neighbour = network("2001:db8:1:ff::1");
        double denied = meters.get("tutti.limit.requests")
                .tags("rule", "test", "outcome", "denied")
                .counter()
                .count();

        assertThat(allowed(limiter, neighbour, 100)).isZero();

        assertThat(meters.get("tutti.limit.requests")
                        .tags("rule", "test", "outcome", "denied")
                        .counter()
                        .count())
                .isEqualTo(denied + 100);
        for (int i = 0; i < 30; i++) {
            limiter.giveBack(network("2001:db8:1:1::1"));
        }
        assertThat(allowed(limiter, neighbour, 31)).as("its own are all there").isEqualTo(30);
    }

    private static String network(String address) {
        return NetworkAddress.holder(address);
    }

    @Test
    void manyTimesALimitIsNoMoreThanALimitMayBe() {
        Duration second = Duration.ofSeconds(1);
        assertThat(LIMIT.times(8)).isEqualTo(RateLimit.of(240, Duration.ofHours(1)));
        assertThat(RateLimit.of(10_000, second).times(8)).isEqualTo(new RateLimit(10_000, second, 80_000));
        assertThat(new RateLimit(1, Duration.ofDays(1), 50_000).times(8))
                .isEqualTo(new RateLimit(8, Duration.ofDays(1), 400_000));
        assertThatThrownBy(() -> LIMIT.times(0)).hasMessageContaining("0 times");
    }

    @Test
    void twoInstancesTakeFromOneBucket() {
        LimitStore store = store();
        RateLimiter hers = promptLimiter(store);
        RateLimiter his = promptLimiter(store);
        assertThat(allowed(hers, "ann", 20)).isEqualTo(20);
        assertThat(allowed(his, "ann", 20)).isEqualTo(10);
        assertThat(allowed(hers, "ann", 20)).isZero();
    }

    @Test
    void whileTheStoreHangsEachInstanceEnforcesItsShareAndThenTheStoreIsUsedAgain() {
        RateLimiter limiter = limiter(store());
        assertThat(allowed(limiter, "ann", 8)).isEqualTo(8);
        CountDownLatch hang = new CountDownLatch(1);
        hanging = hang;
        assertThat(allowed(limiter, "bob", 100)).isEqualTo(10);
        assertThat(allowed(limiter, "ann", 100)).isEqualTo(2); // with those before
        assertThat(meters.get("tutti.limit.store.available").gauge().value()).isZero();
        assertThat(meters.get("tutti.limit.store.failures").counter().count()).isPositive();
        assertThat(calls).hasValueLessThan(30); // the circuit breaker keeps the others from it

        hang.countDown();
        await().atMost(LONG)
                .until(() -> limiter.take("cid").isAllowed()
                        && meters.get("tutti.limit.store.available").gauge().value() == 1);
        AtomicInteger people = new AtomicInteger();
        await().atMost(LONG).until(() -> allowed(limiter, "dan " + people.incrementAndGet(), 100) == 30);
    }

    @Test
    void aShareFollowsTheNumberOfInstances() {
        RateLimits limits = new RateLimits(Optional.empty(), instances::get, System::nanoTime, meters);
        RateLimiter limiter = limits.limiter("test", LIMIT);
        assertThat(allowed(limiter, "ann", 100)).isEqualTo(10);
        instances.set(1);
        assertThat(allowed(limiter, "bob", 100)).isEqualTo(30);
        instances.set(100);
        assertThat(allowed(limiter, "cid", 100)).isEqualTo(1); // at least one
    }

    @Test
    void aProcessOfItsOwnHasLimitsByItsOwnClock() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000); // which overflows
        RateLimiter limiter = RateLimits.local(nanos::get).limiter("test", LIMIT);
        assertThat(allowed(limiter, "ann", 100)).isEqualTo(30);
        nanos.addAndGet(Duration.ofMinutes(2).toNanos());
        assertThat(allowed(limiter, "ann", 100)).isEqualTo(1);
        limiter.giveBack("ann");
        assertThat(allowed(limiter, "ann", 100)).isEqualTo(1);
    }
}
