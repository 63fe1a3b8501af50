package dev.tutti.core.lease;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.concurrent.TickerClock;
import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.memory.MemoryLeaseStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Many claims of an instance that has few places, by a clock that is moved by hand. */
class ClaimRoundTest {
    private static final int MANY = 60;
    private static final Duration TTL = LeaseSettings.DEFAULT.ttl();

    private final AtomicLong nanos = new AtomicLong(Duration.ofDays(1).toNanos());
    private final MemoryLeaseStore store = new MemoryLeaseStore(new TickerClock(nanos::get));
    private final ClusterLeases leases = new ClusterLeases(
            store, LeaseWorld.Silence::new, LeaseSettings.DEFAULT, nanos::get, new SimpleMeterRegistry());
    private final Semaphore places = new Semaphore(1);
    private Duration freeFor = Duration.ZERO;

    @AfterEach
    void close() {
        leases.close();
    }

    private List<LeaseGrant> takenByAnother() {
        return store
                .acquire(
                        IntStream.range(0, MANY)
                                .mapToObj(shard -> new LeaseClaim("shard " + shard, UUID.randomUUID()))
                                .toList(),
                        TTL)
                .stream()
                .map(LeaseState::grant)
                .toList();
    }

    private List<PendingClaim> requested() {
        return IntStream.range(0, MANY)
                .mapToObj(shard -> leases.request("shard " + shard, () -> freeFor, places))
                .toList();
    }

    private static long granted(List<PendingClaim> claims) {
        return claims.stream().filter(claim -> claim.granted().isDone()).count();
    }

    /** Asks as the instance does: for what is due, again and again. */
    private void pass(Duration time) {
        Duration step = Duration.ofMillis(100);
        for (Duration passed = Duration.ZERO; passed.compareTo(time) < 0; passed = passed.plus(step)) {
            nanos.addAndGet(step.toNanos());
            leases.claim();
        }
    }

    @Test
    void oneThatWaitsForManyWithOnePlaceGetsWhicheverIsFree() {
        List<LeaseGrant> taken = takenByAnother();
        List<PendingClaim> waiting = requested();
        leases.claim();
        assertThat(places.availablePermits()).as("while all wait").isEqualTo(1);

        for (int shard : List.of(MANY - 1, 0, MANY / 2)) {
            store.release(List.of(taken.get(shard)));
            pass(Duration.ofMillis(1_200)); // all were asked for within the last second
            assertThat(waiting.get(shard).granted()).isCompleted();
            assertThat(places.availablePermits()).as("with the lease").isZero();
            places.release();
        }
        assertThat(granted(waiting)).isEqualTo(3);
    }

    @Test
    void howLongItMustHaveBeenFreeIsAskedEachTime() {
        List<LeaseGrant> taken = takenByAnother();
        freeFor = Duration.ofHours(1); // there is one that shall rather have it
        List<PendingClaim> waiting = requested();
        leases.claim();
        store.release(taken);
        pass(Duration.ofSeconds(3));
        assertThat(granted(waiting)).isZero();

        freeFor = Duration.ZERO; // that one has left
        pass(Duration.ofMillis(1_200));

        assertThat(granted(waiting)).isEqualTo(1);
        places.release();
    }

    @Test
    void noMoreAreTakenThanThereArePlaces() {
        List<LeaseGrant> taken = takenByAnother();
        List<PendingClaim> waiting = requested();
        leases.claim();
        store.release(taken);

        pass(Duration.ofSeconds(3));

        assertThat(granted(waiting)).isEqualTo(1);
        assertThat(taken.stream()
                        .filter(grant -> store.find(grant.name()).orElseThrow().isFree())
                        .count())
                .isEqualTo(MANY - 1);
        places.release();
        pass(Duration.ofMillis(200));
        assertThat(granted(waiting)).isEqualTo(2);
    }
}
