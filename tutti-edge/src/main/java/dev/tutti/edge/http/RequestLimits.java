package dev.tutti.edge.http;

import dev.tutti.core.limit.RateLimiter;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.socket.Principal;
import java.util.List;
import java.util.function.Predicate;

/** The limits of how many requests are answered, by rules. Immutable; safe for use by many threads. */
public final class RequestLimits {
    /** No rules. */
    public static final RequestLimits NONE =
            new RequestLimits(List.of(), RateLimits.local(System::nanoTime), _ -> false);

    private final List<Limit> limits;
    private final Predicate<Principal> isKey;

    /** A rule, and what counts for it. */
    record Limit(LimitRule rule, RateLimiter limiter) {}

    /**
     * The limits that {@code rules} say, counted by {@code limits}.
     *
     * @param isKey whether somebody is a program with an API key; everybody else has an account
     */
    public RequestLimits(List<LimitRule> rules, RateLimits limits, Predicate<Principal> isKey) {
        this.limits = rules.stream()
                .map(rule -> new Limit(rule, limiter(rule, limits)))
                .toList();
        this.isKey = isKey;
    }

    private static RateLimiter limiter(LimitRule rule, RateLimits limits) {
        return rule.by() == LimitRule.By.ADDRESS
                ? limits.byAddress(rule.name(), rule.limit())
                : limits.limiter(rule.name(), rule.limit());
    }

    /** A request that is about to be answered, and counts by the rules that are about it. */
    RequestCharge charge(String method, List<String> segments, String address) {
        return new RequestCharge(
                limits.stream()
                        .filter(limit -> limit.rule().matches(method, segments))
                        .toList(),
                address,
                isKey);
    }
}
