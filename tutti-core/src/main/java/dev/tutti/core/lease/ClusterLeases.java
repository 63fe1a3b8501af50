package dev.tutti.core.lease;

import dev.tutti.ErrorCode;
import dev.tutti.ListenerRegistration;
import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
import dev.tutti.lease.Lease;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import dev.tutti.lease.Leases;
import dev.tutti.lease.TransactionalLeaseStore;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The leases of this instance. It requests leases from the store for callers that wait, renews the held leases, and notifies holders that
 * have lost a lease. Leases are requested and renewed in batches.
 *
 * <p>The instance counts the time of a lease from before its request, by its own ticker, so a lease ends here earlier than in the store.
 * Safe for use by many threads. Three platform threads do the work, so it does not wait for busy virtual threads.
 */
public final class ClusterLeases implements Leases, AutoCloseable {
    /** The most leases for which callers wait at a time. */
    public static final int MOST = 10_000;

    /** The most watched leases. */
    public static final int MOST_WATCHES = 100;

    /** The metric of the leases that this instance holds. */
    public static final String HELD = "tutti.leases.held";

    /** The metric of the leases that this instance has lost: it could not renew them in time, or they were granted to another claimant. */
    public static final String LOST = "tutti.leases.lost";

    private static final int AT_ONCE = 500; // heartbeats use the same connection
    private static final Logger log = LoggerFactory.getLogger(ClusterLeases.class);
    private static final String FREE = "free";
    private static final Duration LONGEST_PAUSE = PendingClaim.LONGEST_PAUSE;
    private static final Duration BETWEEN = Duration.ofMillis(10); // a bound for many hints

    private final LeaseStore store;
    private final LeaseSettings settings;
    private final LongSupplier ticker;
    private final Topics topics;
    private final Counter losses;
    private final Map<LeaseGrant, HeldLease> held = new ConcurrentHashMap<>();
    private final Map<UUID, PendingClaim> claims = new ConcurrentHashMap<>();
    private final Set<LeaseWatch> watches = ConcurrentHashMap.newKeySet();
    private final Semaphore wake = new Semaphore(0);
    private final LeaseCallPermits permits = new LeaseCallPermits();
    private final LeaseReturns returns;
    private final List<Loop> loops;
    private final AtomicBoolean away = new AtomicBoolean();
    private volatile boolean closed;

    /** The leases in {@code store}, not started yet. {@code ticker} is a monotonic clock in nanoseconds. */
    public ClusterLeases(
            LeaseStore store, Topics.Source bus, LeaseSettings settings, LongSupplier ticker, MeterRegistry meters) {
        this.store = store;
        this.settings = settings;
        this.ticker = ticker;
        this.topics = bus.topics(
                Topics.Family.open("lease", 1), (_, payload) -> freed(new String(payload, StandardCharsets.UTF_8)));
        this.returns = new LeaseReturns(store, AT_ONCE, this::givenBack);
        this.losses = Counter.builder(LOST)
                .description("Leases that this instance had and could not renew in time")
                .register(meters);
        Gauge.builder(HELD, held, Map::size)
                .description("Leases that this instance has")
                .register(meters);
        Duration again = settings.renewal().dividedBy(2);
        this.loops = List.of(
                new Loop(Loop.platform("tutti-lease-claims"), LONGEST_PAUSE, this::claimWhenDue),
                new Loop(Loop.platform("tutti-lease-renewals"), again, this::renew),
                new Loop(Loop.platform("tutti-lease-losses"), PendingClaim.SHORTEST_PAUSE, this::noticeLosses));
    }

    /** Starts the threads. Call it once. */
    public void start() {
        topics.subscribe(FREE);
        loops.forEach(Loop::start);
    }

    /** Whether the store could be used at the last attempt, or no lease is needed. */
    public boolean isSound() {
        return !away.get() || (held.isEmpty() && claims.isEmpty() && watches.isEmpty());
    }

    long now() {
        return ticker.getAsLong();
    }

    @Override
    public Optional<Lease> tryAcquire(String name) {
        PendingClaim claim = new PendingClaim(name, () -> Duration.ZERO, new Semaphore(1), now());
        if (closed) {
            throw leaving();
        }
        Future<Lease> answer = permits.take(() -> {
            ask(List.of(claim)); // if the answer is lost, the lease expires: nobody has its token
            return claim.granted();
        });
        if (closed) { // what close() does not find among those that are held was given back by granted()
            throw leaving();
        }
        return answer.isDone() ? Optional.of(answer.resultNow()) : Optional.empty();
    }

    @Override
    public Optional<Lease> acquire(String name, Duration patience) throws InterruptedException {
        return acquire(name, Duration.ZERO, patience);
    }

    @Override
    public Optional<Lease> acquire(String name, Duration freeFor, Duration patience) throws InterruptedException {
        return acquire(name, () -> freeFor, patience, new Semaphore(1));
    }

    /**
     * As above, when there is one of {@code places}. It is taken only while the store is asked, and comes with the lease: the caller
     * gives it back. {@code freeFor} is called on another thread, each time the store is asked.
     */
    public Optional<Lease> acquire(String name, Supplier<Duration> freeFor, Duration patience, Semaphore places)
            throws InterruptedException {
        PendingClaim claim = request(name, freeFor, places);
        try {
            return Optional.of(claim.granted().get(patience.toNanos(), TimeUnit.NANOSECONDS));
        } catch (TimeoutException late) {
            return withdraw(claim);
        } catch (ExecutionException refused) {
            throw closed
                    ? leaving()
                    : new TuttiException(ErrorCode.UNSUPPORTED, "no backend of this instance keeps leases", refused);
        } catch (InterruptedException interrupted) {
            withdraw(claim).ifPresent(lease -> {
                lease.close();
                claim.leave();
            });
            throw interrupted;
        }
    }

    /** Begins to wait for a lease. */
    PendingClaim request(String name, Supplier<Duration> freeFor, Semaphore places) {
        requireRoom(claims.size(), MOST);
        PendingClaim claim = new PendingClaim(name, freeFor, places, now());
        claims.put(claim.claimant(), claim);
        if (closed) { // looked at after it was put there: what close() does not find is found here
            claims.remove(claim.claimant());
            throw leaving();
        }
        wake.release();
        return claim;
    }

    private static TuttiException leaving() {
        return new TuttiException(ErrorCode.GOING_AWAY, "this instance is closing; wait for the lease at another one");
    }

    /** Waits no longer; the lease, if it came at the last moment. */
    private Optional<Lease> withdraw(PendingClaim claim) {
        claims.remove(claim.claimant());
        boolean cancelled = claim.granted().cancel(false);
        return cancelled || claim.granted().isCompletedExceptionally() // the instance is closing
                ? Optional.empty()
                : Optional.of(claim.granted().join());
    }

    @Override
    public Optional<LeaseState> find(String name) {
        return permits.take(() -> store.find(name));
    }

    @Override
    public ListenerRegistration watch(String name, Consumer<LeaseState> watcher) {
        requireRoom(watches.size(), MOST_WATCHES);
        LeaseWatch watch = new LeaseWatch(name, watcher);
        watches.add(watch);
        if (closed) { // nobody looks any more
            watches.remove(watch);
            throw leaving();
        }
        wake.release();
        return () -> watches.remove(watch);
    }

    private static void requireRoom(int used, int most) {
        if (used >= most) {
            throw new TuttiException(ErrorCode.OVERLOADED, most + " leases are waited for or watched", LONGEST_PAUSE);
        }
    }

    /** Somebody says that a lease is free: it may be so, and can be asked for. */
    private void freed(String name) {
        boolean wanted = false;
        for (PendingClaim claim : claims.values()) {
            if (claim.name().equals(name)) {
                claim.freed(now());
                wanted = true;
            }
        }
        wanted |= watches.stream().anyMatch(watch -> watch.isOf(name));
        if (wanted) {
            wake.release();
        }
    }

    private Duration claimWhenDue() throws InterruptedException {
        boolean woken = wake.tryAcquire(untilDue(), TimeUnit.NANOSECONDS);
        wake.drainPermits();
        if (closed) {
            return Loop.END;
        }
        log.trace("Asking for leases, because somebody said so: {}", woken);
        try {
            boolean asked = claim() || !watches.isEmpty();
            watches.forEach(watch -> watch.look(store));
            if (asked) {
                back();
            }
            return BETWEEN;
        } catch (TuttiException failure) {
            if (failure.code() == ErrorCode.UNSUPPORTED) {
                claims.values().forEach(claim -> claim.granted().completeExceptionally(failure));
                claims.clear();
            } else {
                isAway(failure);
            }
            return PendingClaim.SHORTEST_PAUSE;
        }
    }

    private long untilDue() {
        long now = now();
        long longest = watches.isEmpty() && claims.isEmpty() ? Long.MAX_VALUE : LONGEST_PAUSE.toNanos();
        return claims.values().stream().mapToLong(claim -> claim.due() - now).reduce(longest, Math::min);
    }

    /** Asks for what is due, for so many at a time; whether there was anything. */
    boolean claim() {
        List<PendingClaim> due = claims.values().stream()
                .filter(claim -> claim.due() - now() <= 0)
                .limit(AT_ONCE)
                .toList();
        ask(due);
        return !due.isEmpty();
    }

    private void ask(Collection<PendingClaim> due) {
        long asked = now();
        due.forEach(claim -> claim.asked(asked));
        try (ClaimRound round = new ClaimRound(due)) {
            for (LeaseState state : round.ask(store, settings.ttl())) {
                PendingClaim claim = round.of(state);
                if (claim != null && round.isGranted(claim, state)) {
                    granted(claim, state.grant(), asked);
                } else if (claim != null) {
                    claim.taken(asked, state.left());
                }
            }
        }
    }

    private void granted(PendingClaim claim, LeaseGrant grant, long asked) {
        HeldLease lease = new HeldLease(this, grant, asked + settings.trust().toNanos());
        held.put(grant, lease);
        claims.remove(claim.claimant());
        boolean taken = claim.grant(lease) || handedOn(lease);
        if (!taken || closed) {
            lease.close(); // who waited for it has gone, or nobody renews it any more
        }
    }

    /** Gives it to another one here who waits for it: with a slow store each may wait for a shorter time than the answer takes. */
    private boolean handedOn(HeldLease lease) {
        Optional<PendingClaim> next = claims.values().stream()
                .filter(other -> other.name().equals(lease.name()))
                .filter(other -> other.enter() && other.grant(lease))
                .findFirst();
        next.ifPresent(other -> claims.remove(other.claimant()));
        return next.isPresent();
    }

    /** Renews all, and answers when to do so again. */
    Duration renew() {
        if (held.isEmpty()) {
            return settings.renewal();
        }
        List<HeldLease> leases = List.copyOf(held.values());
        long asked = now();
        try {
            Set<LeaseGrant> renewed =
                    store.renew(leases.stream().map(HeldLease::grant).toList(), settings.ttl());
            List<HeldLease> late = new ArrayList<>();
            for (HeldLease lease : leases) {
                if (!renewed.contains(lease.grant())) {
                    lost(lease);
                } else if (!lease.prolong(asked + settings.trust().toNanos())) {
                    late.add(lease); // closed meanwhile, or renewed too late to be trusted
                    lost(lease);
                }
            }
            release(late);
            back();
            return settings.renewal();
        } catch (TuttiException failure) {
            isAway(failure);
            return settings.renewal().dividedBy(2);
        }
    }

    private void isAway(TuttiException failure) {
        if (!away.getAndSet(true)) {
            log.warn("Leases can neither be taken nor renewed: {}", failure.getMessage());
        }
    }

    private void back() {
        if (away.getAndSet(false)) {
            log.info("Leases can be taken and renewed again");
        }
    }

    /** Notices those whose time is over, and answers when to look again. */
    Duration noticeLosses() {
        held.values().stream().filter(lease -> !lease.isHeld()).forEach(this::lost);
        return held.values().stream()
                .map(HeldLease::left)
                .min(Comparator.naturalOrder())
                .filter(left -> left.compareTo(PendingClaim.SHORTEST_PAUSE) < 0)
                .orElse(PendingClaim.SHORTEST_PAUSE);
    }

    private void lost(HeldLease lease) {
        if (held.remove(lease.grant()) != null && lease.lose()) {
            losses.increment();
            log.warn("The lease '{}' with token {} is lost", lease.name(), lease.token());
        }
    }

    /** Whether {@code transaction} may take effect under {@code grant}. */
    boolean fence(Connection transaction, LeaseGrant grant) throws SQLException {
        if (store instanceof TransactionalLeaseStore fences) {
            return fences.fence(transaction, grant, settings.ttl());
        }
        throw new TuttiException(ErrorCode.UNSUPPORTED, "the leases are not in a database: no transaction is fenced");
    }

    /** Gives leases back that nobody here has any more, and says that they are free. */
    void release(Collection<HeldLease> leases) {
        List<LeaseGrant> grants = leases.stream().map(HeldLease::grant).toList();
        grants.forEach(held::remove);
        returns.add(grants);
    }

    private void givenBack(String name) {
        freed(name);
        Failures.guard("Telling of a free lease", () -> topics.publish(FREE, name.getBytes(StandardCharsets.UTF_8)));
    }

    /** Gives back all leases, waits for none any longer, and renews nothing. Idempotent. */
    @Override
    public void close() {
        closed = true;
        wake.release();
        loops.forEach(Loop::close);
        claims.values().forEach(claim -> claim.granted().completeExceptionally(leaving()));
        claims.clear();
        List.copyOf(held.values()).forEach(HeldLease::close);
    }
}
