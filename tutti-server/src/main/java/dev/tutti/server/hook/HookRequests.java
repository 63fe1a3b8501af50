package dev.tutti.server.hook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.cluster.outage.OutageBreaker;
import dev.tutti.concurrent.OncePerMinute;
import dev.tutti.core.Tutti;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.outbound.OutboundClient.Answer;
import dev.tutti.server.outbound.SigningSecret;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signed requests to the team's backend, behind a circuit breaker. The breaker is told of outages alone: a backend that has answered is
 * not away, whatever it said, as somebody can choose what it is asked. Safe for use by many threads; blocks.
 */
final class HookRequests implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HookRequests.class);
    private static final Duration BREAK = Duration.ofSeconds(5);
    private static final Duration LATELY = Duration.ofSeconds(4); // over before the breaker lets one through again
    private static final int MAX_FAILING = 10_000;

    /** Of HTTP: what a gateway says of a backend that is away, late or overloaded. */
    private static final Set<Integer> AWAY = Set.of(502, 503, 504);

    private final URI place;
    private final List<SigningSecret> secrets;
    private final Duration timeout;
    private final OutboundClient http;
    private final Tutti tutti;
    private final Clock clock;
    private final LongSupplier ticker;
    private final MeterRegistry meters;
    private final OutageBreaker breaker;
    private final OncePerMinute useless = new OncePerMinute();
    private final Cache<String, Boolean> failing; // accounts of which a question has failed lately

    /**
     * Requests to {@code url}, as {@code configuration} says.
     *
     * @param ticker by which the breaker goes, and requests are measured: a monotonic clock in nanoseconds
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    HookRequests(Configuration configuration, Tutti tutti, Clock clock, String url, LongSupplier ticker) {
        this.http = new OutboundClient(tutti.instance(), true, configuration.value(HookSettings.CONCURRENCY));
        this.place = http.checked(url);
        this.secrets = List.of(SigningSecret.of(configuration
                .value(HookSettings.SECRET)
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.BAD_REQUEST,
                        HookSettings.SECRET.name() + " is not set; " + HookSettings.URL.name() + " needs it"))));
        this.timeout = configuration.value(HookSettings.TIMEOUT);
        this.tutti = tutti;
        this.clock = clock;
        this.ticker = ticker;
        this.meters = tutti.meters();
        this.failing = Caffeine.newBuilder()
                .maximumSize(MAX_FAILING)
                .expireAfterWrite(LATELY)
                .ticker(ticker::getAsLong)
                .build();
        this.breaker = new OutageBreaker(BREAK, ticker)
                .onChange(
                        () -> log.warn(
                                "The backend at {} does not answer as it should; it is given a pause", place.getHost()),
                        () -> log.info("The backend at {} answers again", place.getHost()));
    }

    /** Tells the backend that, unless it is given a pause. */
    void tell(HookQuestion farewell) throws IOException, InterruptedException {
        if (breaker.tryAcquire()) {
            Optional<Answer> _ = posted(farewell, Optional::of);
        }
    }

    /**
     * The answer of the backend to that; empty if it is given a pause. One that cannot be used is a denial: of that question alone, for now.
     *
     * @throws IOException if the backend is away
     */
    Optional<HookVerdict> ask(HookQuestion question) throws IOException, InterruptedException {
        return breaker.tryAcquire() ? Optional.of(verdict(question)) : Optional.empty();
    }

    /** A question may be asked again; not after a time-out, which was all the time that there is. */
    private HookVerdict verdict(HookQuestion question) throws IOException, InterruptedException {
        Optional<HookVerdict> verdict;
        try {
            verdict = posted(question, answer -> read(question, answer));
        } catch (IOException lost) {
            if (lost.getCause() instanceof TimeoutException || !breaker.tryAcquire()) {
                throw lost;
            }
            verdict = posted(question, answer -> read(question, answer));
        }
        return verdict.orElseGet(() -> new HookVerdict.Denied(
                ErrorCode.UNAVAILABLE, "the backend of this server gave no answer that can be used", Duration.ZERO));
    }

    private Optional<HookVerdict> read(HookQuestion question, Answer answer) {
        try {
            return Optional.of(
                    tutti.json().read(answer.body(), HookVerdict.Answer.class).verdict());
        } catch (TuttiException unreadable) {
            useless(question, String.valueOf(unreadable.getMessage()));
            return Optional.empty();
        }
    }

    private void useless(HookQuestion question, String why) {
        if (useless.now()) {
            log.warn(
                    "An answer of the backend at {} to {} cannot be used, and what was asked is refused: {}. More of these are in the"
                            + " metrics, and logged once a minute",
                    place.getHost(),
                    question.kind(),
                    why);
        }
    }

    /** Gives what {@code reading} makes of the answer, if it can be used; with a permission of the breaker just acquired, which is told. */
    private <T> Optional<T> posted(HookQuestion question, Function<Answer, Optional<T>> reading)
            throws IOException, InterruptedException {
        boolean wasClosed = breaker.isClosed();
        long begin = ticker.getAsLong();
        boolean received = false;
        boolean used = false;
        boolean interrupted = false;
        try {
            byte[] body = tutti.json().bytes(question);
            Answer answer = http.post(
                    place, SigningSecret.headers(secrets, "hook_" + Ids.next(), body, clock.instant()), body, timeout);
            if (AWAY.contains(answer.status())) {
                throw new IOException("HTTP status " + answer.status());
            }
            received = true;
            if (!answer.succeeded() || !answer.complete()) {
                useless(question, "HTTP status " + answer.status() + (answer.complete() ? "" : ", too long"));
                return Optional.empty();
            }
            Optional<T> read = reading.apply(answer);
            used = read.isPresent();
            return read;
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } finally {
            long nanos = ticker.getAsLong() - begin;
            tellBreaker(wasClosed, question.user(), received, interrupted);
            timer(question.kind(), used ? "answered" : "failed").record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /**
     * Tells the breaker how a call ended. One that began before a pause and ends after its begin says nothing: given back, its permission
     * would let another call through beside the one that shows whether the backend is back. The latter always says which it was, whoever
     * asked: if it did not, the next would be let through at once.
     */
    private void tellBreaker(boolean wasClosed, String user, boolean received, boolean interrupted) {
        if (wasClosed && !breaker.isClosed()) {
            return;
        }
        if (received) {
            breaker.succeeded();
        } else if (wasClosed && (interrupted || hasFailedLately(user))) {
            breaker.release();
        } else {
            breaker.failed();
        }
    }

    /** Whether another question about that account has failed just before: one person's make no outage, as they choose what is asked. */
    private boolean hasFailedLately(String user) {
        return failing.asMap().putIfAbsent(user, true) != null;
    }

    private Timer timer(String kind, String outcome) {
        return Timer.builder(Hooks.REQUESTS)
                .description("How long requests to the backend took, by their kind and outcome")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(meters);
    }

    @Override
    public void close() {
        http.close();
    }
}
