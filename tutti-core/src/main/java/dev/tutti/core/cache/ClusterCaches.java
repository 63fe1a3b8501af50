package dev.tutti.core.cache;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.backend.Backend;
import dev.tutti.bus.Topics;
import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.CacheStore;
import dev.tutti.cache.Caches;
import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.Peers;
import dev.tutti.cluster.Seal;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Periodic;
import dev.tutti.core.cache.CacheMessage.Invalidated;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.protocol.Slice;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The caches of this instance. Each key has a coordinator, which is one of the instances. An instance that misses a key asks the
 * coordinator, which lets one of the asking instances load the value, and passes the value on to the others. If anything fails, an instance
 * loads by itself, so the guarantees to callers do not depend on other instances. Invalidations are sent to all instances.
 *
 * <p>Safe for use by many threads. Messages of other instances are handled on the bus's thread, and changes of the membership on the
 * heartbeat's thread. One virtual thread looks for late loads.
 */
public final class ClusterCaches implements Caches, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterCaches.class);

    /** The most values that an instance loads at a time, over all its caches. */
    static final int MAX_LOADS = 10_000;

    private static final Duration PACE = Duration.ofMillis(100);
    private static final Duration COORDINATOR_ANSWERS = Duration.ofSeconds(1);
    private static final Duration LOADS_END = Duration.ofSeconds(1);

    private final Peers peers;
    private final KeyCoordinators coordinators;
    private final ValueCodec codec;
    private final LongSupplier ticker;
    private final MeterRegistry meters;
    private final Duration removalDelay; // the shortest time from the death of an instance until it is removed
    private final Duration coordinatorAnswers;
    private final Map<String, LocalCache<?>> caches = new ConcurrentHashMap<>();
    private final PendingAsks asks = new PendingAsks(this::decline);
    private final SilentCoordinators silent = new SilentCoordinators();
    private final Set<NodeTag> leaving = ConcurrentHashMap.newKeySet(); // those who have told all that they had to tell
    private final LocalCoordinator coordinator;
    private final InvalidationSender sender;
    private final PeerIntroductions known;
    private final Semaphore places = new Semaphore(MAX_LOADS);
    private volatile CacheSettings defaults = CacheSettings.DEFAULT;
    private volatile @Nullable Periodic passing; // once there is something to look after; set under caches
    private volatile boolean closed;

    /**
     * Caches that are shared with the other members over {@code bus}, if the bus is sealed.
     *
     * @param settings the membership's; an instance that has just joined may be unknown to others, and not told, for the time of silence
     * @param ticker a monotonic clock in nanoseconds
     */
    public ClusterCaches(
            Members members,
            Topics.Source bus,
            ValueCodec codec,
            MembershipSettings settings,
            LongSupplier ticker,
            MeterRegistry meters) {
        this(members, bus, codec, settings, settings.silence(), COORDINATOR_ANSWERS, ticker, meters);
    }

    /** As above, with other times until all instances know one that has just joined, and until a silent coordinator is given up. */
    ClusterCaches(
            Members members,
            Topics.Source bus,
            ValueCodec codec,
            MembershipSettings settings,
            Duration settling,
            Duration coordinatorAnswers,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.removalDelay = settings.heartbeatInterval(); // it trusts itself for the rest of the allowed silence
        this.coordinatorAnswers = coordinatorAnswers;
        this.codec = codec;
        this.ticker = ticker;
        this.meters = meters;
        this.coordinators = new KeyCoordinators(members);
        this.peers = new Peers(members, bus, "cache", new CachePeerListener());
        this.coordinator = new LocalCoordinator(peers.self(), this::tell, ticker);
        Gauge.builder("tutti.cache.waiting", coordinator, LocalCoordinator::waiting)
                .description("Loads of instances that wait for what another one loads, by word of this one")
                .register(meters);
        this.sender = new InvalidationSender(peers, caches::get);
        this.known = new PeerIntroductions(settling, peers.alone(), now());
        peers.start();
        peers.topics().subscribe(InvalidationSender.EVERYBODY);
        peers.topics().subscribe(InvalidationSender.GOODBYE);
        peers.listen(new MembershipChanges());
    }

    /** Starts to look for late loads, unless it has started before. */
    private void watch() {
        if (passing == null) {
            synchronized (caches) {
                if (passing == null && !closed) {
                    passing = new Periodic("tutti-cache", PACE, this::pass);
                }
            }
        }
    }

    /** Whether it looks for late loads. */
    boolean isWatching() {
        return passing != null;
    }

    /** Sets the default settings. Call it before the first cache is declared. */
    public ClusterCaches defaults(CacheSettings settings) {
        defaults = settings;
        return this;
    }

    /**
     * Uses the cache store of the last of {@code backends} that has one as the second level, if there is a {@code seal} that protects its
     * values. Call it before the first cache is declared.
     */
    public ClusterCaches secondLevel(List<Backend> backends, Optional<? extends Seal> seal) {
        Optional<CacheStore> store = backends.reversed().stream()
                .map(Backend::cache)
                .flatMap(Optional::stream)
                .findFirst();
        if (store.isPresent() && seal.isPresent()) {
            sender.share(new SecondLevel(store.get(), seal.get(), ticker, meters));
        } else if (store.isPresent()) {
            log.warn("The caches have no second level: without a secret nobody knows who has written what is there");
        }
        return this;
    }

    /** Whether the second level works, or there is none. */
    public boolean isSound() {
        SecondLevel shared = sender.level();
        return shared == null || shared.isSound();
    }

    InvalidationSender sender() {
        return sender;
    }

    @Override
    public CacheSettings defaults() {
        return defaults;
    }

    @Override
    public <V> Cache<V> cache(String name, CacheSettings settings, Class<V> type) {
        if (name.isEmpty() || name.length() > MAX_NAME) {
            throw new IllegalArgumentException("cache '" + name + "'; allowed are 1 to " + MAX_NAME + " characters");
        }
        synchronized (caches) {
            if (caches.containsKey(name)) {
                throw new IllegalStateException("there is a cache '" + name + "' already");
            }
            ThreadFactory threads =
                    Thread.ofVirtual().name("tutti-cache-" + name).factory();
            LocalCache<V> cache = new LocalCache<>(this, name, settings, type, threads, meters);
            caches.put(name, cache);
            watch();
            return cache;
        }
    }

    long now() {
        return ticker.getAsLong();
    }

    ValueCodec codec() {
        return codec;
    }

    /** Refuses what comes after the end. */
    void requireOpen() {
        if (closed) {
            throw leaving();
        }
    }

    private static TuttiException leaving() {
        return new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving");
    }

    /** Takes one of the places for loads, if there is one. */
    boolean tryAcquire() {
        return places.tryAcquire();
    }

    /** Gives it back. */
    void release() {
        places.release();
    }

    /** For how long a value may be kept whose load began at {@code begun}. */
    long trust(long begun, long now) {
        return known.trust(begun, now);
    }

    /** The coordinator's answer about a missed key, or else that this instance loads alone. Blocks for {@code timeout} at most. */
    CacheMessage.Answer turn(CacheKey key, VersionVector version, Duration timeout) throws InterruptedException {
        Deadline end = Deadline.in(timeout);
        @Nullable NodeTag before = null;
        while (!closed
                && peers.topics().isSealed()
                && !peers.alone()
                && !end.left().isZero()) {
            NodeTag asked = coordinators.of(key);
            if (asked.equals(before) || !silent.mayAsk(asked, now())) {
                break;
            }
            try (PendingAsks.PendingAsk ask = asks.open(asked)) {
                tell(
                        asked,
                        new CacheMessage.Ask(
                                peers.self(),
                                ask.number(),
                                key,
                                version,
                                end.left().toNanos()));
                Optional<CacheMessage.Answer> answer = ask.await(coordinatorAnswers, end);
                if (answer.isPresent()) {
                    return answer.get();
                }
                if (!ask.isHeard()) {
                    silent.silent(asked, now());
                }
            }
            before = asked;
        }
        return new CacheMessage.LoadYourself(peers.self(), 0);
    }

    /** Tells a coordinator what came of a load; empty if others cannot use it. */
    void report(CacheMessage.Granted granted, Optional<Slice> value) {
        if (closed) {
            decline(granted);
        } else {
            tell(granted.from(), new CacheMessage.Report(peers.self(), granted.load(), value));
        }
    }

    private void decline(CacheMessage.Granted granted) {
        tell(granted.from(), new CacheMessage.Declined(peers.self(), granted.load()));
    }

    /** Whether there are no other instances. */
    boolean isAlone() {
        return peers.alone();
    }

    /** To this instance itself at once, to others over the bus. */
    private void tell(NodeTag to, CacheMessage message) {
        if (to.equals(peers.self())) {
            heard(message);
        } else {
            peers.tell(to, message.frame());
        }
    }

    private void heard(CacheMessage message) {
        switch (message) {
            case CacheMessage.Ask ask -> asked(ask);
            case CacheMessage.Answer answer -> asks.answered(answer);
            case CacheMessage.Report report -> coordinator.reported(report.from(), report.load(), report.value());
            case CacheMessage.Declined declined -> coordinator.declined(declined.from(), declined.load());
            case CacheMessage.Leaving gone when peers.isOther(gone.from()) -> leaving.add(gone.from());
            case CacheMessage.Leaving _ -> {}
            case Invalidated what -> {
                @Nullable LocalCache<?> cache = caches.get(what.cache());
                if (cache == null) {
                    coordinator.invalidated(what); // of loads of others: no cache here remembers it
                } else {
                    sender.heard(what);
                    cache.heard(what);
                }
            }
        }
    }

    private void asked(CacheMessage.Ask ask) {
        if (!ask.from().equals(peers.self()) && !peers.isOther(ask.from())) { // its end would not be noticed
            tell(ask.from(), new CacheMessage.LoadYourself(peers.self(), ask.request()));
            return;
        }
        watch(); // others may have caches that this instance has not declared
        @Nullable LocalCache<?> cache = caches.get(ask.key().cache());
        VersionVector version = cache == null
                ? ask.version()
                : ask.version().with(cache.version(ask.key().key()));
        coordinator.asked(ask, version);
    }

    /** Replaces loads that are late, and finds out whether the second level is back. */
    private void pass() {
        coordinator.pass();
        sender.pass();
    }

    /** How many requests wait at this instance for what somebody else loads. */
    int waiting() {
        return coordinator.waiting();
    }

    /** Nothing is known of what may have been invalidated until {@code age} ago. */
    private void dropAll(Duration age) {
        coordinator.fence(age);
        caches.values().forEach(LocalCache::dropAll);
    }

    /** The listener for messages of other instances. */
    private final class CachePeerListener implements Topics.Listener {
        @Override
        public void onMessage(String topic, byte[] payload) {
            CacheMessage message = CacheMessage.read(payload);
            silent.forget(message.from());
            heard(message);
        }

        @Override
        public void onGap() {
            dropAll(Duration.ZERO);
        }
    }

    /** The listener for members that leave, and for the fencing of this instance and its return. */
    private final class MembershipChanges implements MembershipListener {
        @Override
        public void left(Member member) {
            NodeTag gone = NodeTag.of(member.process());
            if (!leaving.remove(gone) && peers.topics().isSealed()) {
                // it may have gone before it could tell of an invalidation
                dropAll(member.draining() ? Duration.ZERO : removalDelay);
            }
            asks.left(gone);
            silent.forget(gone);
            coordinator.left(gone);
        }

        @Override
        public void fenced() {
            known.fenced();
            dropAll(Duration.ZERO);
        }

        @Override
        public void rejoined(Member self) {
            known.rejoined(now());
            dropAll(Duration.ZERO);
        }
    }

    /** Ends the loads that are under way, which fail, waits a second for them, and says goodbye. Idempotent. */
    @Override
    public void close() {
        @Nullable Periodic begun;
        synchronized (caches) {
            closed = true;
            begun = passing;
        }
        if (begun != null) {
            begun.close();
        }
        caches.values().forEach(cache -> cache.close(leaving()));
        try {
            if (places.tryAcquire(MAX_LOADS, LOADS_END.toMillis(), TimeUnit.MILLISECONDS)) {
                places.release(MAX_LOADS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.sayGoodbye();
    }
}
