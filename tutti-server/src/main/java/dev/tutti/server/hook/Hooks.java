package dev.tutti.server.hook;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Expiry;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.flow.Handle;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.HookSettings;
import dev.tutti.server.config.HookSettings.HookEvent;
import dev.tutti.server.config.HookSettings.HookFailure;
import dev.tutti.server.key.ApiKey;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Charge;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the team's backend, beside the rights and after them, whether people may connect, subscribe and publish, and tells it when they have
 * gone. Programs with keys are not asked about. So many requests are under way at most, of which one account has a share; a circuit
 * breaker stands before the backend. Safe for use by many threads; blocks, but for {@link #disconnected}.
 */
public final class Hooks implements AutoCloseable {
    /** How long requests took, by their kind and outcome. */
    public static final String REQUESTS = "tutti.hook.requests";

    private static final Logger log = LoggerFactory.getLogger(Hooks.class);
    private static final int MAX_VERDICTS = 100_000;
    private static final int TELLERS = 8; // one of so many
    private static final int MAX_FAREWELLS = 10_000;
    private static final int MAX_TOGETHER = 16; // questions of one request, each of which takes a permit
    private static final int SHARE_PERCENT = 50; // of the permits, for one account while nobody else asks
    private static final int FEW = 8; // permits of one account that are never too many, see Shares
    private static final Duration PARTING = Duration.ofSeconds(1);
    private static final Duration AGAIN = Duration.ofSeconds(1);

    private final Set<HookEvent> events;
    private final HookFailure failure;
    private final int mostTogether;
    private final Semaphore permits;
    private final Shares shares; // of those permits, between the accounts that are asked about
    private final Semaphore tellers; // so many of the permits at most are for farewells, for whose answers nobody waits
    private final Semaphore farewells = new Semaphore(MAX_FAREWELLS);
    private final HookRequests requests;
    private final Cache<HookQuestion, HookVerdict> verdicts;

    private Hooks(Configuration configuration, Tutti tutti, Clock clock, LongSupplier ticker, String url) {
        int concurrency = configuration.value(HookSettings.CONCURRENCY);
        this.requests = new HookRequests(configuration, tutti, clock, url, ticker);
        this.verdicts = Caffeine.newBuilder()
                .maximumSize(MAX_VERDICTS)
                .ticker(ticker::getAsLong)
                .expireAfter(Expiry.<HookQuestion, HookVerdict>creating((_, verdict) -> verdict.ttl()))
                .build();
        this.events = EnumSet.noneOf(HookEvent.class);
        this.events.addAll(configuration.value(HookSettings.EVENTS));
        this.failure = configuration.value(HookSettings.FAILURE);
        int share = Math.max(Math.min(concurrency, FEW), concurrency * SHARE_PERCENT / 100);
        this.mostTogether = Math.min(share, MAX_TOGETHER);
        this.permits = new Semaphore(concurrency);
        this.shares = new Shares(concurrency, SHARE_PERCENT, 0);
        this.tellers = new Semaphore(Math.max(1, concurrency / TELLERS));
    }

    /**
     * Those that {@code configuration} says, if any.
     *
     * @param ticker by which answers are kept and an outage is given its pause: a monotonic clock in nanoseconds
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if a setting cannot be used
     */
    public static Optional<Hooks> of(Configuration configuration, Tutti tutti, Clock clock, LongSupplier ticker) {
        return configuration.value(HookSettings.URL).map(url -> new Hooks(configuration, tutti, clock, ticker, url));
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

    /**
     * The access to streams that both {@code others} and the backend allow. A backend that is asked about subscriptions is asked about
     * people: no stream is public then.
     */
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
            public Optional<StreamName> refused(Principal who, List<StreamName> streams) {
                Optional<StreamName> refused = others.refused(who, streams);
                if (refused.isEmpty() && isAskedAbout(HookEvent.PUBLISH, who)) {
                    requireAll(
                            who,
                            streams.stream()
                                    .map(stream -> HookQuestion.publish(who, stream.value()))
                                    .toList());
                }
                return refused;
            }

            @Override
            public Charge charge(Principal who, List<Append> appends) {
                return others.charge(who, appends);
            }

            @Override
            public Optional<Entitlements> entitlements(Principal who) {
                return others.entitlements(who);
            }
        };
    }

    /** The access to feeds that both {@code others} and the backend allow. */
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

            @Override
            public void charge(Principal who, FeedState state) {
                others.charge(who, state);
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
            requests.tell(farewell);
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
        return allowed(known == null ? asked(question) : known);
    }

    private static boolean allowed(HookVerdict verdict) {
        return switch (verdict) {
            case HookVerdict.Allowed _ -> true;
            case HookVerdict.Denied denied -> throw new TuttiException(denied.code(), denied.message());
        };
    }

    /** Passes if all of that may be done; questions without a known answer are asked at the same time, which takes as long as one does. */
    private void requireAll(Principal who, List<HookQuestion> questions) {
        if (questions.size() > mostTogether) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "the batch is for " + questions.size() + " streams; allowed are " + mostTogether
                            + " at a time where the backend of this server is asked");
        }
        List<Callable<HookVerdict>> unknown = new ArrayList<>();
        for (HookQuestion question : questions) {
            HookVerdict known = verdicts.getIfPresent(question);
            if (known == null) {
                unknown.add(() -> answered(question));
            } else {
                boolean _ = allowed(known);
            }
        }
        if (unknown.isEmpty()) {
            return;
        }
        try (Handle _ = acquire(who.id(), unknown.size())) {
            askAll(unknown);
        }
    }

    /** With a permit for each. */
    private void askAll(List<Callable<HookVerdict>> unknown) {
        try (ExecutorService threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("tutti-hook").factory())) {
            for (Future<HookVerdict> each : threads.invokeAll(unknown)) {
                boolean _ = allowed(each.get());
            }
        } catch (InterruptedException ended) {
            throw interrupted(ended);
        } catch (ExecutionException failure) {
            throw failure.getCause() instanceof TuttiException told
                    ? told
                    : new TuttiException(ErrorCode.INTERNAL, "the backend of this server could not be asked", failure);
        }
    }

    /** Permits for so many {@code questions} about {@code user}, until the returned is closed. */
    private Handle acquire(String user, int questions) {
        Shares.Part share = shares.take(user, true, questions).orElseThrow(Hooks::overloaded);
        if (!permits.tryAcquire(questions)) {
            share.close();
            throw overloaded();
        }
        return () -> {
            permits.release(questions);
            share.close();
        };
    }

    private static TuttiException overloaded() {
        return new TuttiException(ErrorCode.OVERLOADED, "too many are waiting for the backend of this server", AGAIN);
    }

    private HookVerdict asked(HookQuestion question) {
        try (Handle _ = acquire(question.user(), 1)) {
            return answered(question);
        }
    }

    /** With a permit. */
    private HookVerdict answered(HookQuestion question) {
        try {
            Optional<HookVerdict> verdict = requests.ask(question);
            verdict.filter(known -> known.ttl().isPositive()).ifPresent(known -> verdicts.put(question, known));
            return verdict.orElseGet(() -> unanswered(null));
        } catch (IOException lost) {
            return unanswered(lost);
        } catch (InterruptedException ended) {
            throw interrupted(ended);
        }
    }

    /** It is not the backend's doing: somebody could bring it about. */
    private static TuttiException interrupted(InterruptedException ended) {
        Thread.currentThread().interrupt();
        return new TuttiException(
                ErrorCode.TIMEOUT, "the time ended while the backend of this server was asked", ended);
    }

    private HookVerdict unanswered(@Nullable Exception cause) {
        return switch (failure) {
            case ALLOW -> new HookVerdict.Allowed(Duration.ZERO);
            case DENY ->
                throw new TuttiException(
                        ErrorCode.UNAVAILABLE, "the backend of this server cannot be asked now", cause);
        };
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
        requests.close();
    }
}
