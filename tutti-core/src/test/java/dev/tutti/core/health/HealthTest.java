package dev.tutti.core.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.health.Status;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HealthTest {
    private final Health health = new Health();
    private final AtomicLong nanos = new AtomicLong();
    private final Health timed = new Health(nanos::get); // whose time passes only when a test says so

    @Test
    void withoutDependenciesItIsHealthyAndReady() {
        Health.Report report = health.report();
        assertThat(report.status()).isEqualTo(Status.HEALTHY);
        assertThat(report.ready()).isTrue();
    }

    @Test
    void aRequiredDependencyThatIsGoneMakesItUnavailable() {
        health.require("database", () -> {
            throw new IllegalStateException("gone");
        });
        health.prefer("cache", () -> Status.HEALTHY);
        Health.Report report = health.report();
        assertThat(report.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(report.checks())
                .containsEntry("database", Status.UNAVAILABLE)
                .containsEntry("cache", Status.HEALTHY);
        assertThat(report.ready()).isFalse();
    }

    @Test
    void theInnermostCauseIsTheReason() {
        health.require("database", () -> {
            throw new IllegalStateException(
                    "no connection",
                    new IllegalStateException("FATAL: password authentication failed", new IOException()));
        });
        health.prefer("cache", () -> Status.HEALTHY);
        assertThat(health.report().reasons())
                .containsExactly(Map.entry("database", "FATAL: password authentication failed"));
    }

    @Test
    void anErrorIsAnAnswerToo() {
        health.require("database", () -> {
            throw new NoClassDefFoundError("driver");
        });
        // otherwise the reason would be that there is no answer
        await().untilAsserted(() -> assertThat(health.report().reasons()).containsEntry("database", "driver"));
    }

    @Test
    void aPreferredDependencyThatIsGoneOnlyDegradesIt() {
        health.require("database", () -> Status.HEALTHY);
        health.prefer("cache", () -> Status.UNAVAILABLE);
        assertThat(health.report().status()).isEqualTo(Status.DEGRADED);
        assertThat(health.report().ready()).isTrue();
    }

    @Test
    void aCheckThatHangsIsGivenUp() {
        CountDownLatch never = new CountDownLatch(1);
        health.require("database", () -> {
            never.await();
            return Status.HEALTHY;
        });
        assertThat(health.report().status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(health.report().reasons()).containsEntry("database", "no answer within 3 s");
        never.countDown();
    }

    /** Three seconds later, when nobody waits for the one that hangs any more, what the other one said at first is too old. */
    @Test
    void whatWasAnsweredLongBeforeTheLastAnswerIsAskedAgain() {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        health.require("database", () -> asked.incrementAndGet() == 1 ? Status.HEALTHY : Status.DEGRADED);
        health.prefer("cache", () -> {
            never.await();
            return Status.HEALTHY;
        });

        Health.Report report = health.report();

        assertThat(report.checks())
                .containsEntry("database", Status.DEGRADED)
                .containsEntry("cache", Status.UNAVAILABLE);
        never.countDown();
    }

    @Test
    void aThreadThatIsInterruptedGetsItsReportAndStaysInterrupted() {
        health.require("database", () -> Status.HEALTHY);
        Thread.currentThread().interrupt();
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void manyProbesOfACheckThatHangsWaitForOneAnswer() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        AtomicInteger asked = new AtomicInteger();
        health.require("database", () -> {
            asked.incrementAndGet();
            never.await();
            return Status.HEALTHY;
        });
        long begin = System.nanoTime();
        List<Thread> probes = IntStream.range(0, 20)
                .mapToObj(_ -> Thread.ofVirtual().start(health::report))
                .toList();
        for (Thread probe : probes) {
            probe.join();
        }
        assertThat(health.report().status()).isEqualTo(Status.UNAVAILABLE);
        // one after the other they would need a minute
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
        assertThat(asked.get()).isEqualTo(1);
        never.countDown();
    }

    @Test
    void askingOftenDoesNotAskTheDependenciesOften() {
        AtomicInteger asked = new AtomicInteger();
        timed.require("database", () -> {
            asked.incrementAndGet();
            return Status.HEALTHY;
        });
        for (int i = 0; i < 1_000; i++) {
            timed.report();
        }
        nanos.addAndGet(Duration.ofSeconds(1).toNanos());
        timed.report();
        assertThat(asked).hasValue(1);

        nanos.incrementAndGet();
        timed.report();
        await().until(() -> asked.get() == 2);
    }

    @Test
    void noReportHasAnAnswerThatIsOlderThanTwoSeconds() {
        AtomicInteger asked = new AtomicInteger();
        timed.require("database", () -> asked.incrementAndGet() == 1 ? Status.HEALTHY : Status.DEGRADED);
        assertThat(timed.report().status()).isEqualTo(Status.HEALTHY);

        nanos.addAndGet(Duration.ofSeconds(2).toNanos() + 1);

        assertThat(timed.report().status()).isEqualTo(Status.DEGRADED);
    }

    @Test
    void whoLeavesIsNotReadyAtOnceThoughHealthy() {
        assertThat(health.report().ready()).isTrue();
        health.drain();
        assertThat(health.readiness().ready()).isFalse();
        assertThat(health.report().ready()).isFalse();
        assertThat(health.report().status()).isEqualTo(Status.HEALTHY);
    }

    @Test
    void whoLeavesSaysSoWithoutAskingAnybody() {
        AtomicInteger asked = new AtomicInteger();
        timed.require("database", () -> {
            asked.incrementAndGet();
            return Status.HEALTHY;
        });
        timed.report();
        timed.drain();
        assertThat(timed.readiness().checks()).containsEntry("database", Status.HEALTHY);
        nanos.addAndGet(Duration.ofMinutes(1).toNanos());
        Health.Report late = timed.readiness();
        assertThat(late.ready()).isFalse();
        assertThat(late.checks()).as("what is known is a minute old").isEmpty();
        assertThat(asked).hasValue(1);
    }

    @Test
    void whoLeavesTellsItsHealthOfNowAllTheSame() {
        AtomicReference<Status> database = new AtomicReference<>(Status.HEALTHY);
        timed.require("database", database::get);
        assertThat(timed.report().status()).isEqualTo(Status.HEALTHY);
        timed.drain();
        database.set(Status.UNAVAILABLE);
        nanos.addAndGet(Duration.ofSeconds(3).toNanos());
        Health.Report report = timed.report();
        assertThat(report.checks()).containsEntry("database", Status.UNAVAILABLE);
        assertThat(report.status()).isEqualTo(Status.UNAVAILABLE);
        assertThat(report.ready()).isFalse();
    }
}
