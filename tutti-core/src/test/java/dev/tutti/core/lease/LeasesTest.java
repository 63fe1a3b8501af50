package dev.tutti.core.lease;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.ListenerRegistration;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.health.Status;
import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import dev.tutti.lease.Leases;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.memory.MemoryLeaseStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Leases of two instances. */
class LeasesTest {
    private static final int MANY = 200;
    private static final Duration LONG =
            Duration.ofSeconds(30); // and less than what is left of a lease that was renewed in time

    /** A store that can be away, and that hangs when it shall. */
    private static final class FrailStore implements LeaseStore {
        private final LeaseStore store = new MemoryLeaseStore(Clock.systemUTC());
        private final AtomicInteger hanging = new AtomicInteger();
        private final AtomicInteger releases = new AtomicInteger();
        private volatile boolean away;
        private volatile CountDownLatch gate = new CountDownLatch(0);
        private volatile Runnable afterRenewal = () -> {};

        private LeaseStore reached() {
            hanging.incrementAndGet();
            try {
                gate.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } finally {
                hanging.decrementAndGet();
            }
            if (away) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the store is away");
            }
            return store;
        }

        @Override
        public List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl) {
            return reached().acquire(claims, ttl);
        }

        @Override
        public Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl) {
            Set<LeaseGrant> renewed = reached().renew(grants, ttl);
            afterRenewal.run();
            return renewed;
        }

        @Override
        public void release(Collection<LeaseGrant> grants) {
            releases.incrementAndGet();
            reached().release(grants);
        }

        @Override
        public Optional<LeaseState> find(String name) {
            return reached().find(name);
        }
    }

    private final FrailStore store = new FrailStore();
    private final MemoryBackend backend = MemoryBackend.open();
    private final Tutti ann = instance(backend, Duration.ofMinutes(1));
    private final Tutti bob = instance(backend.another(), Duration.ofMinutes(1));

    private Tutti instance(MemoryBackend its, Duration ttl) {
        return Tutti.on(its).leases(store).leases(new LeaseSettings(ttl)).start();
    }

    @AfterEach
    void close() {
        store.away = false;
        store.gate.countDown();
        bob.close();
        ann.close();
    }

    private static Lease taken(Leases leases, String name) throws InterruptedException {
        return leases.acquire(name, LONG).orElseThrow();
    }

    @Test
    void oneHasItAndRenewsItUntilItGivesItBack() throws Exception {
        try (Lease lease = taken(ann.leases(), "poller")) {
            assertThat(bob.leases().tryAcquire("poller")).isEmpty();
            assertThat(ann.leases().tryAcquire("poller"))
                    .as("not twice at one instance either")
                    .isEmpty();
            assertThat(bob.leases().acquire("poller", Duration.ofMillis(100))).isEmpty();
            assertThat(lease.isHeld()).isTrue();
            lease.check();
            assertThat(lease.left()).isPositive().isLessThan(Duration.ofMinutes(1));
        }

        try (Lease next = taken(bob.leases(), "poller")) { // it is given back soon, not at once
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void whoeverWaitsGetsWhatIsGivenBack() throws Exception {
        Lease lease = taken(ann.leases(), "poller");
        CompletableFuture<Lease> waiting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                waiting.complete(taken(bob.leases(), "poller"));
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        assertThat(waiting).isNotDone();

        lease.close();

        Lease next = waiting.get(60, TimeUnit.SECONDS);
        assertThat(next.token()).isGreaterThan(lease.token());
        assertThat(lease.isHeld()).isFalse();
        assertThatThrownBy(lease::check)
                .isInstanceOfSatisfying(
                        TuttiException.class, lost -> assertThat(lost.code()).isEqualTo(ErrorCode.LEASE_LOST));
        lease.close();
        assertThat(next.isHeld()).isTrue();
    }

    @Test
    void anAnswerThatComesAfterSomebodyHasGivenUpIsForTheNextWhoWaitsHere() throws Exception {
        store.gate = new CountDownLatch(1);
        assertThat(ann.leases().acquire("poller", Duration.ofMillis(100))).isEmpty();
        CompletableFuture<Lease> waiting = new CompletableFuture<>();
        Thread.startVirtualThread(() -> {
            try {
                waiting.complete(taken(ann.leases(), "poller"));
            } catch (InterruptedException e) {
                waiting.completeExceptionally(e);
            }
        });
        await().atMost(LONG).until(() -> store.hanging.get() > 0);

        store.gate.countDown();

        assertThat(waiting.get(60, TimeUnit.SECONDS).isHeld()).isTrue();
        assertThat(store.releases).as("of the first answer").hasValue(0);
    }

    @Test
    void thoseThatAreClosedTogetherAreGivenBackTogether() throws Exception {
        List<Lease> leases = new ArrayList<>();
        for (int i = 0; i < MANY; i++) {
            leases.add(ann.leases().tryAcquire("shard " + i).orElseThrow());
        }
        store.gate = new CountDownLatch(1);
        List<Thread> closing = leases.stream()
                .map(lease -> Thread.startVirtualThread(lease::close))
                .toList();
        await().atMost(LONG).until(() -> leases.stream().noneMatch(Lease::isHeld));

        store.gate.countDown();

        for (Thread each : closing) {
            each.join();
        }
        assertThat(store.releases).hasValueLessThan(MANY / 2);
        try (Lease next = taken(bob.leases(), "shard " + (MANY - 1))) {
            assertThat(next.isHeld()).isTrue();
        }
    }

    @Test
    void ofThoseWhoWantToKnowNowAFewAskAtATime() throws Exception {
        store.gate = new CountDownLatch(1);
        Queue<Optional<Lease>> answers = new ConcurrentLinkedQueue<>();
        List<Thread> asking = IntStream.range(0, MANY)
                .mapToObj(i ->
                        Thread.startVirtualThread(() -> answers.add(ann.leases().tryAcquire("order " + i))))
                .toList();
        await().atMost(LONG).until(() -> store.hanging.get() >= 16);
        assertThat(store.hanging.get()).as("those, and what claims and renews").isLessThan(32);

        store.gate.countDown();

        for (Thread each : asking) {
            each.join();
        }
        assertThat(answers).hasSize(MANY).allMatch(Optional::isPresent);
    }

    @Test
    void whoCannotRenewIsToldThatItIsLost() throws Exception {
        try (Tutti cem = instance(backend.another(), Duration.ofSeconds(1))) {
            Lease lease = taken(cem.leases(), "poller");
            CountDownLatch lost = new CountDownLatch(1);
            lease.onLost(lost::countDown);

            store.away = true;

            assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
            assertThat(lease.isHeld()).isFalse();
            CountDownLatch already = new CountDownLatch(1);
            lease.onLost(already::countDown);
            assertThat(already.await(60, TimeUnit.SECONDS)).isTrue();
            store.away = false;
            assertThat(taken(cem.leases(), "poller").token()).isGreaterThan(lease.token());
        }
    }

    @Test
    void anInstanceThatCannotRenewIsDegraded() throws Exception {
        try (Tutti cem = instance(backend.another(), Duration.ofSeconds(10));
                Lease _ = taken(cem.leases(), "poller")) {
            assertThat(health(cem)).isEqualTo(Status.HEALTHY);

            store.away = true;

            await().atMost(LONG).until(() -> health(cem) == Status.DEGRADED);
            store.away = false;
            await().atMost(LONG).until(() -> health(cem) == Status.HEALTHY);
        }
    }

    private static Status health(Tutti instance) {
        return instance.health().report().checks().getOrDefault("leases", Status.UNAVAILABLE);
    }

    @Test
    void aRenewalThatIsHeardOfTooLateIsALoss() {
        AtomicLong nanos = new AtomicLong();
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        try (ClusterLeases still = new ClusterLeases(
                store, LeaseWorld.Silence::new, new LeaseSettings(Duration.ofMinutes(1)), nanos::get, meters)) {
            Lease lease = still.tryAcquire("poller").orElseThrow();
            AtomicInteger lost = new AtomicInteger();
            lease.onLost(lost::incrementAndGet);
            store.afterRenewal = () -> nanos.addAndGet(Duration.ofMinutes(2).toNanos()); // the process stood still

            still.renew();

            still.noticeLosses();
            assertThat(lost).hasValue(1);
            assertThat(meters.counter(ClusterLeases.LOST).count()).isEqualTo(1);
        }
    }

    @Test
    void whatSomebodyElseWasGivenIsLost() throws Exception {
        try (Tutti cem = instance(backend.another(), Duration.ofSeconds(5))) {
            Lease lease = taken(cem.leases(), "poller");
            CountDownLatch lost = new CountDownLatch(1);
            lease.onLost(lost::countDown);

            store.release(List.of(new LeaseGrant("poller", lease.token())));

            assertThat(lost.await(60, TimeUnit.SECONDS)).isTrue();
            await().atMost(LONG)
                    .until(() -> cem.meters().counter(ClusterLeases.LOST).count() > 0);
        }
    }

    @Test
    void aWatcherIsToldWhoHasIt() throws Exception {
        Queue<LeaseState> told = new ConcurrentLinkedQueue<>();
        ListenerRegistration watch = bob.leases().watch("poller", told::add);
        Lease first = taken(ann.leases(), "poller");
        await().atMost(LONG).until(() -> told.stream().anyMatch(state -> !state.isFree()));
        first.close();
        await().atMost(LONG).until(() -> told.stream().anyMatch(LeaseState::isFree));
        Lease second = taken(ann.leases(), "poller");
        await().atMost(LONG)
                .until(() -> told.stream().anyMatch(state -> state.grant().token() == second.token()));
        watch.close();
        watch.close();
    }

    @Test
    void whoLeavesGivesAllBack() throws Exception {
        Lease first = taken(bob.leases(), "one");
        Lease second = taken(bob.leases(), "two");

        bob.close();

        assertThat(taken(ann.leases(), "one").token()).isGreaterThan(first.token());
        assertThat(taken(ann.leases(), "two").token()).isGreaterThan(second.token());
        assertThat(second.isHeld()).isFalse();
    }

    @Test
    void whoeverWaitsAtAnInstanceThatIsClosedIsToldSo() throws Exception {
        Lease lease = taken(ann.leases(), "poller");
        CompletableFuture<Lease> result = new CompletableFuture<>();
        Thread waiting = Thread.ofPlatform().start(() -> {
            try {
                result.complete(taken(bob.leases(), "poller"));
            } catch (Throwable failure) {
                result.completeExceptionally(failure);
            }
        });
        await().atMost(LONG).until(() -> waiting.getState() == Thread.State.TIMED_WAITING);

        bob.close();

        assertThat(result)
                .failsWithin(LONG)
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        closing -> assertThat(closing.code()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThatThrownBy(() -> taken(bob.leases(), "poller"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        closed -> assertThat(closed.code()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThatThrownBy(() -> bob.leases().tryAcquire("another"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        closed -> assertThat(closed.code()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThatThrownBy(() -> bob.leases().watch("another", _ -> {}))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        closed -> assertThat(closed.code()).isEqualTo(ErrorCode.GOING_AWAY));
        assertThat(ann.leases().tryAcquire("another")).isPresent();
        assertThat(lease.isHeld()).isTrue();
    }

    private static Connection connection(boolean commitsByItself) {
        return (Connection) Proxy.newProxyInstance(
                Connection.class.getClassLoader(), new Class<?>[] {Connection.class}, (_, _, _) -> commitsByItself);
    }

    @Test
    void thereIsNothingToFenceWithoutATransactionAndWithoutADatabase() throws Exception {
        Lease lease = taken(ann.leases(), "poller");
        assertThatThrownBy(() -> lease.fenced(connection(true), _ -> "done"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a transaction is needed");
        assertThatThrownBy(() -> lease.fenced(connection(false), _ -> "done"))
                .isInstanceOfSatisfying(
                        TuttiException.class, none -> assertThat(none.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }

    @Test
    void withoutAStoreThereAreNone() {
        try (Tutti alone = Tutti.over(backend.streams().orElseThrow()).start()) {
            assertThatThrownBy(() -> alone.leases().tryAcquire("poller"))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            none -> assertThat(none.code()).isEqualTo(ErrorCode.UNSUPPORTED));
            assertThatThrownBy(() -> alone.leases().acquire("poller", LONG))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            none -> assertThat(none.code()).isEqualTo(ErrorCode.UNSUPPORTED));
        }
    }

    @Test
    void whatCanBeNoLeaseIsRefusedToWhomAsksForItAndHoldsUpNobody() {
        assertThatThrownBy(() -> ann.leases().acquire("", LONG)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ann.leases().acquire("poller", Duration.ofMillis(-1), LONG))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ann.leases().acquire("poller", LeaseStore.FORGOTTEN_AFTER, LONG))
                .as("never granted")
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("less than PT168H");
        assertThat(ann.leases().tryAcquire("poller")).isPresent();
    }
}
