package dev.tutti.core.lease;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import dev.tutti.memory.MemoryLeaseStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Three instances that want one lease and do something under it, in a world in which everything takes its time, nothing
 * arrives for certain, processes stand still in the middle of anything, the store's clock jumps, and the store is restored
 * from an old backup. Everything follows from a seed. While somebody waits, the others go on.
 */
final class LeaseWorld {
    /** How the world can be worse than it should. */
    enum Flaw {
        NONE,
        /** Nobody looks at tokens. */
        NO_FENCE,
        /** Holders believe that they have the lease for longer than they do. */
        TRUST_TOO_LONG,
        /** Holders reckon by the wall clock of their machine, which is set forward and back. */
        LOCAL_CLOCK
    }

    /** What may happen to the store; whose clock is right and who forgets nothing lets nobody believe wrong. */
    private enum Trouble {
        NONE,
        CLOCK_JUMPS,
        OLD_BACKUP
    }

    private static final String NAME = "poller";
    private static final LeaseSettings SETTINGS = LeaseSettings.DEFAULT;
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");

    private final Random random;
    private final Flaw flaw;
    private final Trouble trouble;
    private final boolean
            foreign; // what is done is done elsewhere, where tokens are compared, or else within the store
    private final List<Instance> instances = new ArrayList<>();
    private MemoryLeaseStore store;
    private long nanos; // of everybody's ticker, as long as it is monotonic
    private Duration jumped = Duration.ZERO;
    private long highest; // token that has had effect
    private int effects;
    private int refused;
    private int most; // who believed to have the lease at the same time

    LeaseWorld(long seed, Flaw flaw) {
        this.random = new Random(seed);
        this.flaw = flaw;
        this.trouble = Trouble.values()[random.nextInt(3)];
        this.foreign = random.nextBoolean();
        this.store = new MemoryLeaseStore(storeClock());
        for (int i = 0; i < 3; i++) {
            instances.add(new Instance());
        }
    }

    /** Lets a minute or so pass, in {@code steps} steps. */
    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            trouble();
            step();
        }
    }

    /** How often something was done. */
    int effects() {
        return effects;
    }

    /** How often a token was too old. */
    int refused() {
        return refused;
    }

    /** How many at most believed to have the lease at the same time; unknown if the store was in trouble. */
    int holders() {
        return trouble == Trouble.NONE ? most : 1;
    }

    private void trouble() {
        if (trouble == Trouble.CLOCK_JUMPS && random.nextInt(60) == 0) {
            jumped = jumped.plusMillis(random.nextInt(-20_000, 20_000));
        } else if (trouble == Trouble.OLD_BACKUP && random.nextInt(100) == 0) {
            store = new MemoryLeaseStore(storeClock()); // from before the lease
            highest = foreign ? highest : 0; // what was done there is gone, too
        }
        if (flaw == Flaw.LOCAL_CLOCK && random.nextInt(30) == 0) {
            instances.get(random.nextInt(instances.size())).setClock();
        }
    }

    /** Somebody who does not wait for something takes a step, and time passes. */
    private void step() {
        nanos += Duration.ofMillis(random.nextInt(1, 400)).toNanos();
        Instance chosen = instances.get(random.nextInt(instances.size()));
        if (random.nextBoolean()) {
            chosen.keep();
        } else {
            chosen.work();
        }
        most = Math.max(
                most, (int) instances.stream().filter(Instance::believes).count());
    }

    /** Somebody waits or stands still for a while. */
    private void pass(int maxMillis) {
        long end = nanos + Duration.ofMillis(random.nextInt(maxMillis)).toNanos();
        while (nanos < end) {
            step();
        }
    }

    /** Something is done, under a token; what has effect looks at it: the store whether it is current, others whether it is old. */
    private void effect(long token) {
        Optional<LeaseState> row = store.find(NAME);
        boolean current = row.isPresent() && row.get().grant().token() == token;
        if (flaw != Flaw.NO_FENCE && (foreign ? token < highest : !current)) {
            refused++;
            return;
        }
        if (token < highest) {
            throw new AssertionError("something was done under token " + token + " after " + highest);
        }
        highest = token;
        effects++;
    }

    private Clock storeClock() {
        InstantSource time = () -> BEGIN.plusNanos(nanos).plus(jumped);
        return time.withZone(ZoneOffset.UTC);
    }

    /** One process: a thread that keeps its leases, and one that works under them. */
    private final class Instance implements LeaseStore {
        private final ClusterLeases leases =
                new ClusterLeases(this, Silence::new, SETTINGS, this::ticks, new SimpleMeterRegistry());
        private long set; // nanoseconds by which its clock was set forward; never, if it is monotonic as it should be
        private boolean keeping;
        private boolean working;
        private @Nullable PendingClaim claim;
        private @Nullable Lease lease;

        private long ticks() {
            return nanos + set;
        }

        void setClock() {
            set += Duration.ofMillis(random.nextInt(-20_000, 20_000)).toNanos();
        }

        boolean believes() {
            return lease != null && lease.isHeld();
        }

        void keep() {
            if (keeping) {
                return; // it waits for something
            }
            keeping = true;
            try {
                leases.renew();
                leases.claim();
                if (random.nextInt(10) == 0) {
                    pass(15_000);
                }
            } catch (TuttiException away) {
                pass(100);
            } finally {
                leases.noticeLosses();
                keeping = false;
            }
        }

        void work() {
            if (working) {
                return;
            }
            working = true;
            leases.noticeLosses();
            if (lease == null) {
                want();
            } else if (!lease.isHeld()) {
                lease = null;
            } else {
                if (random.nextInt(8) == 0) {
                    pass(15_000); // it looked, and then it stood still
                }
                effect(lease.token());
                if (random.nextInt(20) == 0) {
                    lease.close();
                    lease = null;
                }
            }
            working = false;
        }

        private void want() {
            PendingClaim wanted = claim;
            if (wanted == null) {
                Duration freeFor = Duration.ofMillis(random.nextInt(2) * 700L);
                claim = leases.request(NAME, () -> freeFor, new Semaphore(1));
            } else if (wanted.granted().isDone()) {
                lease = wanted.granted().join();
                claim = null;
            }
        }

        /** A call of the store: it may be lost on its way there or back, and takes its time for both. */
        private <T> T call(Supplier<T> call) {
            if (random.nextInt(15) == 0) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "lost on its way");
            }
            pass(random.nextInt(10) == 0 ? 8_000 : 50);
            T answer = call.get();
            pass(random.nextInt(10) == 0 ? 8_000 : 50);
            if (random.nextInt(15) == 0) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the answer was lost");
            }
            return answer;
        }

        private Duration real(Duration ttl) {
            return flaw == Flaw.TRUST_TOO_LONG ? ttl.dividedBy(3) : ttl;
        }

        @Override
        public List<LeaseState> acquire(Collection<LeaseClaim> claims, Duration ttl) {
            return call(() -> store.acquire(claims, real(ttl)));
        }

        @Override
        public Set<LeaseGrant> renew(Collection<LeaseGrant> grants, Duration ttl) {
            return call(() -> store.renew(grants, real(ttl)));
        }

        @Override
        public void release(Collection<LeaseGrant> grants) {
            call(() -> {
                store.release(grants);
                return true;
            });
        }

        @Override
        public Optional<LeaseState> find(String name) {
            return call(() -> store.find(name));
        }
    }

    /** A bus on which nothing is heard. */
    record Silence(Topics.Family family, Topics.Listener listener) implements Topics {
        @Override
        public boolean isSealed() {
            return false;
        }

        @Override
        public void subscribe(String topic) {
            // there is nothing to hear
        }

        @Override
        public void unsubscribe(String topic) {
            // there is nothing to hear
        }

        @Override
        public void publish(String topic, byte[] payload) {
            // nobody hears it
        }
    }
}
