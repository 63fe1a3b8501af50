package dev.tutti.core.limit;

import dev.tutti.limit.RateLimit;
import dev.tutti.limit.Taken;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;

/**
 * A rate limit, for which each holder has a bucket of tokens. Safe for use by many threads. Taking a token blocks, for half a second at
 * most.
 */
public final class RateLimiter {
    private static final int LONGEST_HOLDER = 100;
    private static final int DIGEST_BYTES = 8;

    private final RateLimits limits;
    private final RateLimit limit;
    private final String prefix;
    private final Optional<RateLimiter> sites; // of a limit by address
    private final Counter allowed;
    private final Counter denied;

    RateLimiter(RateLimits limits, String name, RateLimit limit, Optional<RateLimiter> sites, MeterRegistry meters) {
        this.limits = limits;
        this.limit = limit;
        this.sites = sites;
        this.prefix = digest(name + " " + limit) + ":"; // with the numbers: a bucket is always used with the same limit
        this.allowed = counter(name, "allowed", meters);
        this.denied = counter(name, "denied", meters);
    }

    private static Counter counter(String name, String outcome, MeterRegistry meters) {
        return Counter.builder("tutti.limit.requests")
                .description("What was asked for under a rate limit")
                .tag("rule", name)
                .tag("outcome", outcome)
                .register(meters);
    }

    /** The limit that each holder has. */
    public RateLimit limit() {
        return limit;
    }

    /**
     * Takes a token from the bucket of {@code holder}. A limiter by address takes one from its site's bucket as well, and refuses if either
     * is empty.
     */
    public Taken take(String holder) {
        Taken taken = limits.take(bucket(holder), limit);
        Optional<Taken> refusedToAll = taken.isAllowed() ? refusalOfSite(holder) : Optional.empty();
        refusedToAll.ifPresent(_ -> limits.giveBack(bucket(holder), limit));
        Taken result = refusedToAll.orElse(taken);
        (result.isAllowed() ? allowed : denied).increment();
        return result;
    }

    private Optional<Taken> refusalOfSite(String holder) {
        return sites.flatMap(all -> NetworkAddress.site(holder).map(all::take)).filter(taken -> !taken.isAllowed());
    }

    /**
     * The refusal that {@link #take} would return, if it is known without asking the store; it is counted in metrics then. Does not block.
     */
    public Optional<Taken> refusal(String holder) {
        Optional<Taken> refusal = limits.refusal(bucket(holder));
        refusal.ifPresent(_ -> denied.increment());
        return refusal.or(() -> sites.flatMap(all -> NetworkAddress.site(holder).flatMap(all::refusal)));
    }

    /** Gives an unused token back. If the store is not available, the token is lost. */
    public void giveBack(String holder) {
        limits.giveBack(bucket(holder), limit);
        sites.ifPresent(all -> NetworkAddress.site(holder).ifPresent(all::giveBack));
    }

    private String bucket(String holder) {
        return prefix + (holder.length() <= LONGEST_HOLDER ? holder : digest(holder));
    }

    private static String digest(String text) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(hash, 0, DIGEST_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }
}
