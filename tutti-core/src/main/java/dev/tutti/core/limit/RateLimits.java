package dev.tutti.core.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Rate limits over all instances. The instances count together, exactly, in a common store. Without a store, and while it is not available,
 * each instance enforces its share: the limit divided by the number of live instances. Tokens that the store has just granted to an
 * instance count towards its share. Safe for use by many threads. Taking a token blocks, for half a second at most.
 *
 * <p>The store tells an instance until when an empty bucket stays empty. Until then the instance refuses without asking the store, so a
 * refusal costs less than a grant. It remembers 100,000 empty buckets.
 */
public final class RateLimits {
    /** The limit of an IPv6 /48 is this many times the limit of a /64. */
    public static final int NETWORKS_OF_SITE = 8;

    private static final int MAX_EMPTY = 100_000;

    private final Optional<SharedBuckets> shared;
    private final LocalBuckets local;
    private final IntSupplier instances;
    private final LongSupplier ticker;
    private final MeterRegistry meters;
    private final Cache<String, Empty> empty =
            Caffeine.newBuilder().maximumSize(MAX_EMPTY).build();

    /** A bucket that has nothing before {@code next}, in nanoseconds of the ticker. */
    private record Empty(long next, long full) {}

    /**
     * Limits over {@code store}.
     *
     * @param instances the number of live instances, which includes this one
     * @param ticker a monotonic clock in nanoseconds
     */
    public RateLimits(Optional<LimitStore> store, IntSupplier instances, LongSupplier ticker, MeterRegistry meters) {
        this(store, task -> Thread.ofVirtual().name("tutti-limit").start(task), instances, ticker, meters);
    }

    /** As above; the store is called on {@code threads}. */
    RateLimits(
            Optional<LimitStore> store,
            Executor threads,
            IntSupplier instances,
            LongSupplier ticker,
            MeterRegistry meters) {
        this.shared = store.map(there -> new SharedBuckets(there, threads, SharedBuckets.PATIENCE, ticker, meters));
        this.local = new LocalBuckets(ticker);
        this.instances = instances;
        this.ticker = ticker;
        this.meters = meters;
    }

    /** Limits of this process alone. */
    public static RateLimits local(LongSupplier ticker) {
        return new RateLimits(Optional.empty(), () -> 1, ticker, new SimpleMeterRegistry());
    }

    /**
     * A limiter that enforces {@code limit} for each of its holders.
     *
     * @param name the name of the limited action, the same at all instances: limiters with the same name and limit count together. Use few
     *     different names: the name is a tag of metrics
     */
    public RateLimiter limiter(String name, RateLimit limit) {
        return new RateLimiter(this, name, limit, Optional.empty(), meters);
    }

    /**
     * A limiter by network address: its holders are {@link NetworkAddress#holder}s. One customer may own all /64s of an IPv6 /48, so all of
     * these together have {@value #NETWORKS_OF_SITE} times {@code limit}. In metrics, the limit of a /48 has {@code name} followed by
     * {@code , IPv6 /48}.
     */
    public RateLimiter byAddress(String name, RateLimit limit) {
        RateLimiter sites = limiter(name + ", IPv6 /48", limit.times(NETWORKS_OF_SITE));
        return new RateLimiter(this, name, limit, Optional.of(sites), meters);
    }

    /** The refusal for {@code bucket}, if it is known without asking that the bucket is empty. */
    Optional<Taken> refusal(String bucket) {
        @Nullable Empty known = empty.getIfPresent(bucket);
        if (known == null) {
            return Optional.empty();
        }
        long now = ticker.getAsLong();
        if (known.next() - now <= 0) {
            empty.asMap().remove(bucket, known);
            return Optional.empty();
        }
        return Optional.of(new Taken(0, 0, Duration.ofNanos(known.next() - now), Duration.ofNanos(known.full() - now)));
    }

    Taken take(String bucket, RateLimit limit) {
        Optional<Taken> refusal = refusal(bucket);
        if (refusal.isPresent()) {
            return refusal.get();
        }
        Optional<Taken> counted = shared(bucket, limit);
        RateLimit share = limit.share(instances.getAsInt());
        if (counted.isEmpty()) {
            return local.take(bucket, share, 1);
        }
        Taken taken = counted.get();
        if (taken.isAllowed()) {
            Taken noted = local.take(bucket, share, 1); // counts as its share if the store goes away now
            assert noted.granted() <= 1;
        }
        if (taken.remaining() == 0) {
            long now = ticker.getAsLong();
            empty.put(
                    bucket,
                    new Empty(
                            now + taken.untilNext().toNanos(),
                            now + taken.untilFull().toNanos()));
        }
        return taken;
    }

    private Optional<Taken> shared(String bucket, RateLimit limit) {
        if (shared.isEmpty()) {
            return Optional.empty();
        }
        try {
            return shared.get().take(bucket, limit);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    void giveBack(String bucket, RateLimit limit) {
        empty.invalidate(bucket);
        Taken noted = local.take(bucket, limit.share(instances.getAsInt()), -1);
        assert noted.remaining() > 0;
        if (shared.isPresent()) {
            try {
                shared.get().giveBack(bucket, limit);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
