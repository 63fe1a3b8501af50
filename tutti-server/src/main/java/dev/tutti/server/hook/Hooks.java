package dev.tutti.server.hook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.account.Ids;
import dev.tutti.core.Tutti;
import dev.tutti.core.outage.OutageBreaker;
import dev.tutti.feed.FeedKey;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.config.HookSettings.HookEvent;
import dev.tutti.server.config.HookSettings.HookFailure;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.outbound.OutboundClient;
import dev.tutti.server.outbound.OutboundClient.Answer;
import dev.tutti.server.outbound.SigningSecret;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the team's backend, beside the rights and after them, whether people may connect, subscribe and publish, and tells it when they have
 * gone. Programs with keys are not asked about. So many requests are under way at most; a circuit breaker stands before the
 * backend. Safe for use by many threads; blocks, but for {@link #disconnected}.
 */
public final class Hooks implements AutoCloseable {
    /** How long requests took, by their kind and outcome. */
    public static final String REQUESTS = "tutti.hook.requests";

    private static final Logger log = LoggerFactory.getLogger(Hooks.class);
    private static final int MAX_VERDICTS = 100_000;
    private static final int TELLERS = 8; // one of so many
    private static final int MAX_FAREWELLS = 10_000;
    private static final Duration BREAK = Duration.ofSeconds(5);
    private static final Duration PARTING = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final URI place;
    private final Set<HookEvent> events;
    private final List<SigningSecret> secrets;
    private final Duration timeout;
    private final HookFailure failure;
    private final Semaphore permits;
    private final Semaphore tellers; // so many of the permits at most are for farewells, for whose answers nobody waits
    private final Semaphore farewells = new Semaphore(MAX_FAREWELLS);
    private final OutboundClient http;
    private final Tutti tutti;
    private final Clock clock;
    private final MeterRegistry meters;
    private final OutageBreaker breaker;
    private final Cache<HookQuestion, HookVerdict> verdicts = Caffeine.newBuilder()
            .maximumSize(MAX_VERDICTS)
            .expireAfter(Expiry.<HookQuestion, HookVerdict>creating((_, verdict) -> verdict.ttl()))
            .build();

    private Hooks(Configuration configuration, Tutti tutti, Clock clock, String url) {
        int concurrency = configuration.value(HookSettings.CONCURRENCY);
        this.http = new OutboundClient(tutti.instance(), true, concurrency);
        this.place = http.checked(url);
        this.events = EnumSet.noneOf(HookEvent.class);
        this.events.addAll(configuration.value(HookSettings.EVENTS));
        this.secrets = List.of(SigningSecret.of(configuration
                .value(HookSettings.SECRET)
                .orElseThrow(() -> new TuttiException(
                        ErrorCode.BAD_REQUEST,
                        HookSettings.SECRET.name() + " is not set; " + HookSettings.URL.name() + " needs it"))));
        this.timeout = configuration.value(HookSettings.TIMEOUT);
        this.failure = configuration.value(HookSettings.FAILURE);
        this.permits = new Semaphore(concurrency);
        this.tellers = new Semaphore(Math.max(1, concurrency / TELLERS));
        this.tutti = tutti;
        this.clock = clock;
        this.meters = tutti.meters();
        this.breaker = new OutageBreaker(BREAK, System::nanoTime)
                .onChange(
                        () -> log.warn(
                                "The backend at {} does not answer as it should; it is given a pause", place.getHost()),
                        () -> log.info("The backend at {} answers again", place.getHost()));
    }

    /**
     * Those that {@code configuration} says, if any.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    public static Optional<Hooks> of(Configuration configuration, Tutti tutti, Clock clock) {
        return configuration.value(HookSettings.URL).map(url -> new Hooks(configuration, tutti, clock, url));
    }

    /** Lets those in of {@code others} of whom the backend says so. */
    public Authenticator authenticator(Authenticator others) {
        return handshake -> {
            Principal who = others.authenticate(handshake);
            requireConnect(who, handshake);
            return who;
        };
    }

    /**
     * Passes if {@code who} may come in with {@code handshake}.
     *
     * @throws TuttiException with the backend's code if not
     */
    public void requireConnect(Principal who, Handshake handshake) {
        require(HookEvent.CONNECT, who, HookQuestion.connect(who, handshake.address()));
    }

    /** What {@code others} and the backend allow. A backend that is asked about subscriptions is asked about people: no stream is public then. */
    public StreamAccess access(StreamAccess others) {
        return new StreamAccess() {
            @Override
            public boolean isPublic(StreamName stream) {
                return !events.contains(HookEvent.SUBSCRIBE) && others.isPublic(stream);
            }

            @Override
            public boolean mayRead(Principal who, StreamName stream) {
                return others.mayRead(who, stream)
                        && require(HookEvent.SUBSCRIBE, who, HookQuestion.subscribe(who, stream.value()));
            }

            @Override
            public boolean mayAppend(Principal who, StreamName stream) {
                return others.mayAppend(who, stream)
                        && require(HookEvent.PUBLISH, who, HookQuestion.publish(who, stream.value()));
            }

            @Override
            public void charge(Principal who, Append append) {
                others.charge(who, append);
            }

            @Override
            public Optional<Entitlements> feed(Principal who) {
                return others.feed(who);
            }
        };
    }

    /** What {@code others} and the backend allow. */
    public FeedAccess feeds(FeedAccess others) {
        return new FeedAccess() {
            @Override
            public boolean isPublic(FeedKey key) {
                return others.isPublic(key);
            }

            @Override
            public boolean mayRead(Principal who, FeedKey key) {
                return others.mayRead(who, key)
                        && require(HookEvent.SUBSCRIBE, who, HookQuestion.subscribeToFeed(who, key.value()));
            }

            @Override
            public boolean mayPublish(Principal who, FeedKey key) {
                return others.mayPublish(who, key)
                        && require(HookEvent.PUBLISH, who, HookQuestion.publishToFeed(who, key.value()));
            }
        };
    }

    /** The last connection of a login here has ended: the backend is told soon, once, if it can be. Does not block. */
    public void disconnected(Principal who) {
        if (isAskedAbout(HookEvent.DISCONNECT, who) && farewells.tryAcquire()) {
            Thread.ofVirtual().name("tutti-hook").start(() -> tell(HookQuestion.disconnect(who)));
        }
    }

    private boolean isAskedAbout(HookEvent event, Principal who) {
        return events.contains(event) && ApiKey.idOf(who.session()) == null;
    }

    private void tell(HookQuestion farewell) {
        try {
            tellers.acquire();
            try {
                tellInTurn(farewell);
            } finally {
                tellers.release();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException lost) { // whatever it is: nobody waits for it
            log.debug("The backend was not told that {} has gone", farewell.user(), lost);
        } finally {
            farewells.release();
        }
    }

    private void tellInTurn(HookQuestion farewell) throws IOException, InterruptedException {
        permits.acquire();
        try {
            if (breaker.tryAcquire()) {
                posted(farewell);
            }
        } finally {
            permits.release();
        }
    }

    /** True, or an exception that says why not. */
    private boolean require(HookEvent event, Principal who, HookQuestion question) {
        if (!isAskedAbout(event, who)) {
            return true;
        }
        HookVerdict known = verdicts.getIfPresent(question);
        return switch (known == null ? asked(question) : known) {
            case HookVerdict.Allowed _ -> true;
            case HookVerdict.Denied denied -> throw new TuttiException(denied.code(), denied.message());
        };
    }

    private HookVerdict asked(HookQuestion question) {
        if (!permits.tryAcquire()) {
            throw new TuttiException(
                    ErrorCode.OVERLOADED, "too many are waiting for the backend of this server", AGAIN);
        }
        try {
            if (!breaker.tryAcquire()) {
                return unanswered(null);
            }
            HookVerdict verdict = verdict(question);
            if (verdict.ttl().isPositive()) {
                verdicts.put(question, verdict);
            }
            return verdict;
        } catch (IOException lost) {
            return unanswered(lost);
        } catch (InterruptedException ended) { // which is not the backend's doing: somebody could bring it about
            Thread.currentThread().interrupt();
            throw new TuttiException(
                    ErrorCode.TIMEOUT, "the time ended while the backend of this server was asked", ended);
        } finally {
            permits.release();
        }
    }

    private HookVerdict unanswered(@Nullable Exception cause) {
        return switch (failure) {
            case ALLOW -> new HookVerdict.Allowed(Duration.ZERO);
            case DENY ->
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE, "the backend of this server cannot be asked now", cause);
        };
    }

    /** A question may be asked again; not after a time-out, which was all the time that there is. */
    private HookVerdict verdict(HookQuestion question) throws IOException, InterruptedException {
        Answer answer;
        try {
            answer = posted(question);
        } catch (IOException lost) {
            if (lost.getCause() instanceof TimeoutException || !breaker.tryAcquire()) {
                throw lost;
            }
            answer = posted(question);
        }
        try {
            return tutti.json().read(answer.body(), HookVerdict.Answer.class).verdict();
        } catch (TuttiException unreadable) {
            log.warn("The backend's answer to {} cannot be used: {}", question.kind(), unreadable.getMessage());
            throw new IOException(unreadable);
        }
    }

    /** The answer, if it is a success; with a permission of the breaker, which is told. */
    private Answer posted(HookQuestion question) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        boolean done = false;
        boolean interrupted = false;
        try {
            byte[] body = tutti.json().bytes(question);
            Answer answer = http.post(
                    place, SigningSecret.headers(secrets, "hook_" + Ids.next(), body, clock.instant()), body, timeout);
            done = answer.succeeded() && answer.complete();
            if (!done) {
                throw new IOException("HTTP status " + answer.status());
            }
            return answer;
        } catch (InterruptedException e) {
            interrupted = true;
            throw e;
        } finally {
            long nanos = System.nanoTime() - begin;
            if (done) {
                breaker.succeeded();
            } else if (interrupted) {
                breaker.release();
            } else {
                breaker.failed();
            }
            timer(question.kind(), done ? "answered" : "failed").record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    private Timer timer(String kind, String outcome) {
        return Timer.builder(REQUESTS)
                .description("How long requests to the backend took, by their kind and outcome")
                .tag("kind", kind)
                .tag("outcome", outcome)
                .register(meters);
    }

    /** Waits for a second for what the backend is being told. */
    @Override
    public void close() {
        try {
            if (!farewells.tryAcquire(MAX_FAREWELLS, PARTING.toNanos(), TimeUnit.NANOSECONDS)) {
                log.debug("The backend is not told of everybody who has gone");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        http.close();
    }
}
