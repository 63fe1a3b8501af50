package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.edge.http.LimitRule.By;
import dev.tutti.edge.http.RequestLimits.Limit;
import dev.tutti.limit.Taken;
import dev.tutti.socket.Principal;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The charge of one request to the limits that are about it: by address and route before it is handled, by account and key when it is
 * known who asks. Used by one thread at a time: the event loop, then the request's own, then the event loop again.
 */
final class RequestCharge {
    private final List<Limit> limits;
    private final String address;
    private final Predicate<Principal> isKey;
    private final List<Charged> charged = new ArrayList<>(2);

    private record Charged(Limit limit, Taken taken) {}

    RequestCharge(List<Limit> limits, String address, Predicate<Principal> isKey) {
        this.limits = limits;
        this.address = limits.isEmpty() ? address : NetworkAddress.holder(address);
        this.isKey = isKey;
    }

    /** The refusal of the request, as far as it is known without asking anybody; empty if none is known. Does not block. */
    Optional<TuttiException> refusal() {
        for (Limit limit : limits) {
            Optional<Taken> refusal =
                    before(limit).flatMap(holder -> limit.limiter().refusal(holder));
            if (refusal.isPresent()) {
                charged.add(new Charged(limit, refusal.get()));
                return Optional.of(refused(limit, refusal.get()));
            }
        }
        return Optional.empty();
    }

    /**
     * Takes what the request needs before it is handled. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#RATE_LIMITED} if there is none
     */
    void begin() {
        take(this::before);
    }

    /** The same, as it is known by now that {@code who} asks. */
    void identified(Principal who) {
        By kind = isKey.test(who) ? By.KEY : By.ACCOUNT;
        take(limit -> limit.rule().by() == kind ? Optional.of(who.id()) : Optional.empty());
    }

    private Optional<String> before(Limit limit) {
        return switch (limit.rule().by()) {
            case ADDRESS -> Optional.of(address);
            case ROUTE -> Optional.of("all");
            case ACCOUNT, KEY -> Optional.empty();
        };
    }

    private void take(Function<Limit, Optional<String>> holder) {
        for (Limit limit : limits) {
            Optional<Taken> taken = holder.apply(limit).map(limit.limiter()::take);
            taken.ifPresent(known -> charged.add(new Charged(limit, known)));
            if (taken.filter(known -> !known.isAllowed()).isPresent()) {
                throw refused(limit, taken.get());
            }
        }
    }

    private static TuttiException refused(Limit limit, Taken taken) {
        return new TuttiException(
                ErrorCode.RATE_LIMITED,
                "too many requests (" + limit.rule().name() + "); wait before the next one",
                Duration.ofSeconds(seconds(taken.untilNext())));
    }

    /**
     * Tells the client what is left (draft-ietf-httpapi-ratelimit-headers-10; the three older fields tell of the limit that is
     * nearest). On the event loop.
     */
    void tell(HttpServerResponse response) {
        if (charged.isEmpty()) {
            return;
        }
        Charged nearest = charged.stream()
                .min(Comparator.comparingLong(
                        each -> each.taken().isAllowed() ? each.taken().remaining() : -1))
                .orElseThrow();
        response.putHeader("RateLimit-Policy", list(RequestCharge::policy))
                .putHeader("RateLimit", list(RequestCharge::left))
                .putHeader(
                        "RateLimit-Limit",
                        Long.toString(nearest.limit().rule().limit().burst()))
                .putHeader("RateLimit-Remaining", Long.toString(nearest.taken().remaining()))
                .putHeader("RateLimit-Reset", Long.toString(reset(nearest.taken())));
    }

    private String list(BiFunction<Limit, Taken, String> each) {
        return charged.stream()
                .map(one -> '"' + one.limit().rule().name() + '"' + each.apply(one.limit(), one.taken()))
                .collect(Collectors.joining(", "));
    }

    private static String policy(Limit limit, Taken taken) {
        return ";q=" + limit.rule().limit().count() + ";w="
                + seconds(limit.rule().limit().per());
    }

    private static String left(Limit limit, Taken taken) {
        return ";r=" + taken.remaining() + ";t=" + reset(taken);
    }

    /** Until there is one again, or, while there is, until there are all. */
    private static long reset(Taken taken) {
        return seconds(taken.remaining() == 0 ? taken.untilNext() : taken.untilFull());
    }

    /** Rounded up: who waits for so long has waited for long enough. */
    private static long seconds(Duration duration) {
        return Math.ceilDiv(duration.toMillis(), 1_000L);
    }
}
