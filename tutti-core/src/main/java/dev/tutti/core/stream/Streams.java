package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.HeapShare;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.concurrent.Periodic;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Entitlements.Addition;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.NotifyingStreamStore;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.stream.TransactionalStreamStore;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Named, durable, ordered streams of events: append, read, subscribe. When an append returns, its event is committed. Every
 * subscriber gets it once, in the stream's order.
 *
 * <p>Safe for use by many threads. Methods that block say so, and are meant for virtual threads.
 */
public final class Streams implements AutoCloseable {
    /** The type of the event that marks that all events before it were deleted. */
    public static final String DELETED = "stream.deleted";

    private static final int MAX_FOLLOWED = 10_000;
    private static final int MOST_DELETIONS = 20; // of one call, a thousand events each

    private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

    private final StreamStore store;
    private final StreamMetrics metrics;
    private final LogReader reader;
    private final StreamHub hub;
    private final List<AppendCombiner> combiners;
    private final Sweep sweep;
    private final @Nullable Periodic retention;

    /**
     * Streams over {@code store}, which the caller closes after this. Other instances are told of new events over {@code bus}.
     * Blocks while the store prepares.
     */
    public Streams(StreamStore store, StreamSettings settings, MeterRegistry meters, Topics.Source bus) {
        if (store instanceof RetainingStreamStore retaining) {
            retaining.retain(); // makes room for what is appended next
        }
        this.store = store;
        this.reader = new LogReader(store, settings.logReaders(), settings.pageSize());
        this.hub = new StreamHub(reader, bus);
        this.combiners = new ArrayList<>();
        this.metrics = new StreamMetrics(meters, hub, combiners);
        long waiting = HeapShare.APPENDS.bytesEach(settings.writers());
        for (int i = 0; i < settings.writers(); i++) {
            combiners.add(new AppendCombiner(store, "tutti-append-" + i, this::committed, waiting));
        }
        if (store instanceof NotifyingStreamStore notifying) {
            notifying.onAppended(hub::known);
        }
        this.sweep = new Sweep(store, hub, settings.sweepInterval());
        this.retention = store instanceof RetainingStreamStore retaining
                ? retention(settings.retentionInterval(), retaining)
                : null;
    }

    private static Periodic retention(Duration interval, RetainingStreamStore store) {
        OutageLog outage = new OutageLog(
                "Events past their retention cannot be dropped", "Events past their retention are dropped again");
        return new Periodic("tutti-retention", interval, outage, store::retain);
    }

    /**
     * Appends an event, which is durable when this method returns. Blocks for about one commit of the store.
     *
     * @throws NothingAppendedException if the event was certainly not added; with {@link ErrorCode#UNAVAILABLE}, for example, because
     *     a transaction has locked the stream for ten seconds
     * @throws TuttiException with {@link ErrorCode#OVERLOADED} if the event was not added because too many appends are waiting; with {@link
     *     ErrorCode#UNAVAILABLE} if it is unknown whether the event was added: repeat the append with the same key
     */
    public Appended append(Append append) {
        return result(appendAsync(append));
    }

    /**
     * As {@link #append(Append)}, for an event that is allowed for a limited time, because the permission may change. Writing it begins by
     * {@code notAfter}. It then takes about one commit of the store, and up to a second more if the stream is locked.
     *
     * @throws TuttiException as {@link #append(Append)}; a {@link NothingAppendedException} with {@link ErrorCode#TIMEOUT} if writing could
     *     not begin by {@code notAfter}
     */
    public Appended append(Append append, Deadline notAfter) {
        return result(appendAsync(append, notAfter));
    }

    /**
     * The result of an append that {@link #appendAsync} has begun. Blocks until it is known.
     *
     * @throws TuttiException as {@link #append(Append)}
     */
    public static Appended result(CompletableFuture<Appended> appended) {
        try {
            return appended.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof TuttiException known) {
                throw known;
            }
            throw new TuttiException(ErrorCode.INTERNAL, "the event could not be stored", failure.getCause());
        }
    }

    /**
     * As {@link #append}, without blocking. Code that runs when the future completes must return quickly, because other appends wait for
     * it.
     */
    public CompletableFuture<Appended> appendAsync(Append append) {
        return appendAsync(append, null);
    }

    private CompletableFuture<Appended> appendAsync(Append append, @Nullable Deadline notAfter) {
        int writer = Math.floorMod(append.stream().hashCode(), combiners.size());
        return metrics.timed(combiners.get(writer).append(append, notAfter));
    }

    /**
     * Appends events within the caller's own transaction; they exist when it commits. Blocks. Call {@link Pending#announce} after the
     * commit.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if the store is not a database
     */
    public Pending append(Connection transaction, List<Append> appends) {
        if (!(store instanceof TransactionalStreamStore transactional)) {
            throw unsupported("are not kept in a database: there is no transaction to take part in");
        }
        List<Appended> results = transactional.append(transaction, appends);
        return new Pending(results, () -> committed(appends, results));
    }

    private static TuttiException unsupported(String what) {
        return new TuttiException(ErrorCode.UNSUPPORTED, "the streams of this instance " + what);
    }

    /** Reads at most {@code limit} events, 1 to 1,000. Blocks. */
    public ReadResult read(StreamName stream, Range range, int limit) {
        if (limit < 1 || limit > 1_000) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "limit " + limit + "; allowed are 1 to 1000");
        }
        return store.read(stream, range, limit);
    }

    /** The number of the last event of {@code stream}, 0 if it has none. Blocks. */
    public long head(StreamName stream) {
        return heads(List.of(stream)).getOrDefault(stream, 0L);
    }

    /**
     * The number of the last event of each of {@code streams}, 0 if it has none; for at most {@value StreamStore#MAX_STREAMS} streams.
     * Blocks.
     */
    public Map<StreamName, Long> heads(Collection<StreamName> streams) {
        return store.seen(store.now(), streams);
    }

    /**
     * The streams whose names are at least {@code from} and less than {@code before}, in their order, at most {@code limit}, which is 1 to
     * {@value ListingStreamStore#MAX_LISTED}. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if the store cannot list them
     */
    public List<StreamHead> list(String from, String before, int limit) {
        if (!(store instanceof ListingStreamStore listing)) {
            throw unsupported("cannot be listed");
        }
        return listing.list(from, before, limit);
    }

    /**
     * Deletes all events of {@code stream}, up to 20,000 in one call. First an event of the type {@link #DELETED} is appended, which
     * subscribers get in order; subscribers that were further behind get a gap. The numbering continues, so an old cursor never points to a
     * different event. A deleted event that is sent again with its key is a new event. Instances may still deliver events that they have in
     * memory. Blocks.
     *
     * @throws TuttiException with {@link ErrorCode#UNSUPPORTED} if the store cannot delete events
     */
    public DeletedEvents delete(StreamName stream) {
        if (!(store instanceof DeletingStreamStore deleting)) {
            throw unsupported("cannot be emptied: the store keeps events until their retention ends");
        }
        long seq = append(new Append(stream, DELETED, Json.of("{}"))).seq();
        long deleted = 0;
        for (int time = 0; time < MOST_DELETIONS; time++) {
            int now = deleting.delete(stream, seq - 1);
            deleted += now;
            if (now < DeletingStreamStore.MAX_DELETED) {
                return new DeletedEvents(seq, deleted, true);
            }
        }
        return new DeletedEvents(seq, deleted, false);
    }

    /**
     * Delivers the events after the number {@code after} to {@code subscriber}, and then each new one. If {@code after} is beyond the
     * stream's last event, the subscriber gets a gap, and then each new event. Throws the exception of the subscriber's executor if that
     * rejects the subscription.
     */
    public Subscription subscribe(StreamName stream, long after, Subscriber subscriber) {
        StreamSubscription subscription = hub.add(stream, new Range.After(after).seq(), subscriber, null);
        try {
            subscriber.executor().execute(() -> subscription.guarded(subscription::begin));
        } catch (Throwable notTaken) {
            subscription.close();
            throw notTaken;
        }
        return subscription;
    }

    /**
     * Delivers the events after the number {@code after} to {@code consumer}, and then each new one, on virtual threads, one at a
     * time. If the consumer throws, the subscription ends, because the event would be lost otherwise.
     */
    public Subscription subscribe(StreamName stream, long after, Consumer<Event> consumer) {
        ConsumerSubscriber subscriber = new ConsumerSubscriber(stream, consumer);
        Subscription subscription = subscribe(stream, after, subscriber);
        subscriber.started(subscription);
        return subscription;
    }

    /** A resume token for this moment. A client that takes it, then loads its state, and then follows with it, misses no event. Blocks. */
    public String token() {
        return store.now().token();
    }

    /**
     * Delivers the events of all streams in {@code entitlements} to {@code subscriber}. Blocks while it looks up where to begin.
     *
     * @param token the client's resume token, a {@link FollowToken}; null to begin with new events
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if the token is not of this store; the client must then load
     *     its state and follow without a token
     */
    public Subscription follow(Entitlements entitlements, @Nullable String token, Subscriber subscriber) {
        Map<StreamName, Long> floors = entitlements.streams();
        if (floors.size() > MAX_FOLLOWED) {
            throw new TuttiException(
                    ErrorCode.LIMIT_REACHED,
                    "a follow subscription to " + floors.size() + " streams; allowed are at most " + MAX_FOLLOWED);
        }
        FollowToken seen =
                token == null ? new FollowToken(reader.once(StreamStore::now), Map.of()) : FollowToken.parse(token);
        Map<StreamName, Addition> additions = token == null ? Map.of() : entitlements.additions();
        Map<StreamName, Long> behind = reader.once(from -> from.seen(seen.position(), floors.keySet()));
        Map<StreamName, Long> start = new HashMap<>();
        floors.forEach((stream, floor) -> {
            @Nullable Addition addition = additions.get(stream);
            // a mark of the event that added it does not say that anything of the stream was given
            boolean added = addition != null && addition.seq() > behind.getOrDefault(addition.stream(), Long.MAX_VALUE);
            long there = added ? 0 : behind.getOrDefault(stream, 0L);
            start.put(stream, Math.max(floor, seen.seen(stream, there)));
        });

        FollowSubscription following = new FollowSubscription(hub, reader, entitlements, subscriber);
        subscriber.executor().execute(() -> following.guarded(() -> following.begin(start)));
        return following;
    }

    /** Passes on what was added, in runs of one stream. */
    private void committed(Collection<Append> appends, List<Appended> results) {
        Map<StreamName, List<Event>> runs = new LinkedHashMap<>();
        int i = 0;
        for (Append append : appends) {
            Appended result = results.get(i++);
            if (!result.repeated()) {
                runs.computeIfAbsent(append.stream(), _ -> new ArrayList<>())
                        .add(new Event(
                                append.stream(),
                                result.seq(),
                                append.type(),
                                append.data(),
                                append.key(),
                                result.at()));
            }
        }
        runs.values()
                .forEach(
                        run -> { // neither fails
                            hub.announce(run);
                            hub.tellOthers(run);
                        });
        metrics.committed(results.size());
    }

    /** The same as {@link #close(Deadline)}, within ten seconds. */
    @Override
    public void close() {
        close(Deadline.in(CLOSE_WITHIN));
    }

    /**
     * Writes the appends that callers wait for, and ends deliveries. Idempotent.
     *
     * @throws TuttiException if an append could not be written by {@code deadline}; everything else is closed nevertheless
     */
    public void close(Deadline deadline) {
        combiners.forEach(AppendCombiner::end);
        if (retention != null) {
            retention.close();
        }
        sweep.close();
        TuttiException late = null;
        for (AppendCombiner combiner : combiners) {
            try {
                combiner.close(deadline);
            } catch (TuttiException failure) {
                if (late == null) {
                    late = failure;
                } else {
                    late.addSuppressed(failure);
                }
            }
        }
        reader.close();
        if (late != null) {
            throw late;
        }
    }
}
