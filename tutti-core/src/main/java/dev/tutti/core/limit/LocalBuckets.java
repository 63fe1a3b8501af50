package dev.tutti.core.limit;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.limit.LimitStore;
import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;

/** The buckets of one instance alone, at most {@value #MAX_BUCKETS}; one that is forgotten is full. Safe for use by many threads. */
final class LocalBuckets implements LimitStore {
    private static final int MAX_BUCKETS = 100_000;
    private static final long MICRO = 1_000;

    private final LongSupplier ticker;
    private final Cache<String, Long> fullAt =
            Caffeine.newBuilder().maximumSize(MAX_BUCKETS).build();

    /** By {@code ticker}, in nanoseconds. */
    LocalBuckets(LongSupplier ticker) {
        this.ticker = ticker;
    }

    @Override
    public Taken take(String bucket, RateLimit limit, long wanted) {
        AtomicReference<Taken> taken = new AtomicReference<>(limit.take(0, 0));
        fullAt.asMap().compute(bucket, (_, known) -> {
            long now = ticker.getAsLong();
            taken.set(limit.take(known == null ? 0 : (known - now) / MICRO, wanted));
            return now + taken.get().untilFull().toNanos();
        });
        return taken.get();
    }
}
