package dev.tutti.server.audit;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.Streams;
import dev.tutti.http.Filter;
import dev.tutti.http.Routes;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audit: one stream, to which a thread of its own appends what was done. Up to {@value #MOST_WAITING} records wait while the
 * database is away, of which what people do to their own things has half at most, and that and failures three quarters. Records
 * that find no room are counted, and their number is logged once a minute and recorded. Safe for use by many threads.
 */
public final class AuditTrail implements AutoCloseable {
    /** The kind of the stream, which nobody appends to by any protocol. */
    public static final String KIND = "audit";

    /** Records that wait to be written. */
    public static final String WAITING = "tutti.audit.waiting";

    /**
     * Records that were lost: too many waited, the instance left while the database was away, or a defect kept one from being made or
     * stored.
     */
    public static final String LOST = "tutti.audit.lost";

    /** The stream. */
    public static final StreamName STREAM = StreamName.of(KIND, "log");

    static final int MOST_WAITING = 10_000;

    /** The action of a record that counts those which were lost. */
    static final String MISSING = "lost";

    /** Kinds of failures within a minute that are told apart. */
    static final int MOST_FAILURES = 1_000;

    /** Kinds of what people do to their own things within a minute that are told apart. */
    static final int MOST_OWN = 10_000;

    private static final Logger log = LoggerFactory.getLogger(AuditTrail.class);
    private static final int OWN_WAITING = MOST_WAITING / 2;
    private static final int TALLIED_WAITING = MOST_WAITING / 4 * 3;
    private static final int BATCH = 200;
    private static final int MOST_TRIES = 10; // where the store has a defect, which may be one of the moment
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration WRITE = Duration.ofSeconds(30);
    private static final Duration CLOSE = Duration.ofSeconds(3);
    private static final Duration INTERRUPTED = Duration.ofSeconds(1);

    private final Streams streams;
    private final JsonCodec json;
    private final Clock clock;
    private final LongSupplier ticker;
    private final String instance;
    private final Function<String, Optional<String>> named;
    private final BlockingQueue<AuditEntry> queue = new LinkedBlockingQueue<>(MOST_WAITING);
    private final AuditTally failures;
    private final AuditTally own;
    private final Counter lost;
    private final OutageLog outage = new OutageLog(
            "The audit cannot be written; up to " + MOST_WAITING + " records wait, and it is tried again every second",
            "The audit is written again");
    private final Loop writing;

    // of the writing thread, and of close after it has ended
    private final List<Waiting> batch = new ArrayList<>();
    private final Deque<AuditEntry> taken = new ArrayDeque<>();
    private final Deque<AuditEntry> counted = new ArrayDeque<>(); // what the tallies of the last minute came to
    private long minuteSince;
    private double told;
    private double lostRecorded;

    /** A record that is to be written, and how often that is tried with this time. */
    private record Waiting(Append append, int tries) {}

    /**
     * One over the streams of {@code tutti}; {@code ticker} counts nanoseconds, and {@code named} finds the id of the account that has a
     * name, and blocks.
     */
    public AuditTrail(Tutti tutti, Clock clock, LongSupplier ticker, Function<String, Optional<String>> named) {
        this.streams = tutti.streams();
        this.json = tutti.json();
        this.clock = clock;
        this.ticker = ticker;
        this.minuteSince = ticker.getAsLong();
        this.instance = tutti.instance().toString();
        this.named = named;
        this.failures = new AuditTally(instance, MOST_FAILURES, AuditRecord.FAILED);
        this.own = new AuditTally(instance, MOST_OWN, AuditRecord.OK);
        this.lost = Counter.builder(LOST)
                .description("Records of the audit that were lost")
                .register(tutti.meters());
        Gauge.builder(WAITING, queue, BlockingQueue::size)
                .description("Records of the audit that wait to be written")
                .register(tutti.meters());
        this.writing = new Loop(Loop.virtual("tutti-audit"), LOOK, this::step).start();
    }

    /** A function that adds the routes that {@code add} adds, those that matter so that they are recorded. */
    public Consumer<Routes> recorded(Consumer<Routes> add) {
        return routes -> add.accept(new AuditedRoutes(routes, this, json, clock, instance));
    }

    /** Adds {@code /api/server/audit}, for those whom {@code readers} lets through. */
    public void routes(Routes routes, Filter readers) {
        new AuditRoutes(streams, json, readers).addTo(routes);
    }

    /** Says that the request which this thread answers is about the account {@code id}. Without effect in any other thread. */
    public static void about(String id) {
        AuditedRoutes.about(id);
    }

    /** Counts a record that could not be made. */
    void missed() {
        lost.increment();
    }

    /** Notes {@code entry}, to be written. Does not block. */
    void add(AuditEntry entry) {
        if (entry.record().failed()) {
            if (failures.isFirst(entry)) {
                offer(entry, TALLIED_WAITING);
            }
        } else if (entry.own()) {
            if (own.isFirst(entry)) {
                offer(entry, OWN_WAITING);
            }
        } else {
            offer(entry, MOST_WAITING);
        }
    }

    /** Into the queue while fewer than {@code most} wait, or a few more where several threads come at once. */
    private void offer(AuditEntry entry, int most) {
        if (queue.size() >= most || !queue.offer(entry)) {
            lost.increment();
        }
    }

    private Duration step() throws InterruptedException {
        endMinute();
        if (taken.isEmpty() && batch.isEmpty()) {
            takeNext();
        }
        if (taken.isEmpty() && batch.isEmpty()) {
            AuditEntry first = queue.poll(LOOK.toMillis(), TimeUnit.MILLISECONDS);
            if (first == null) {
                return Duration.ZERO;
            }
            taken.add(first);
            takeNext();
        }
        try {
            write(Deadline.in(WRITE));
            outage.succeeded();
            return Duration.ZERO;
        } catch (TuttiException failure) {
            outage.failed(failure);
            return LOOK;
        }
    }

    /** Takes what is there to be written, up to a batch, of which what was counted has half while others wait. */
    private void takeNext() {
        int others = counted.isEmpty() ? BATCH : BATCH / 2;
        queue.drainTo(taken, others - taken.size());
        while (taken.size() < BATCH && !counted.isEmpty()) {
            taken.add(counted.remove());
        }
    }

    private void endMinute() {
        long now = ticker.getAsLong();
        if (now - minuteSince < MINUTE.toNanos()) {
            return;
        }
        minuteSince = now;
        if (counted.isEmpty()) { // else the database is slow or away: the tallies go on, which have bounds
            endTallies();
        }
        double all = lost.count();
        if (all > told) {
            log.error(
                    "{} records of the audit were lost in the last minute, and {} wait; look at the database and for defects",
                    (long) (all - told),
                    queue.size());
            told = all;
        }
    }

    private void endTallies() {
        Instant now = clock.instant();
        counted.addAll(failures.ended(now));
        counted.addAll(own.ended(now));
        double all = lost.count();
        if (all > lostRecorded) {
            long missing = (long) (all - lostRecorded);
            counted.add(new AuditEntry(
                    AuditRecord.count(MISSING, instance, now, AuditRecord.FAILED, missing), null, false));
            lostRecorded = all;
        }
    }

    /**
     * Writes the records that were taken. A record that could not be written is kept, under its key, so that nothing is there twice.
     * A record that a defect keeps from being written is lost after some tries, since it would be in the way of all others for ever.
     */
    private void write(Deadline deadline) throws InterruptedException {
        while (batch.isEmpty() && !taken.isEmpty()) {
            fill();
        }
        List<CompletableFuture<Appended>> results =
                batch.stream().map(waiting -> stored(waiting.append())).toList();
        List<Waiting> kept = new ArrayList<>();
        TuttiException last = null;
        for (int i = 0; i < results.size(); i++) {
            Waiting waiting = batch.get(i);
            TuttiException failure = failure(results.get(i), deadline);
            if (failure == null) {
                continue;
            }
            boolean defect = failure.code() == ErrorCode.INTERNAL;
            if (failure.code().retry() == ErrorCode.Retry.NEVER || (defect && waiting.tries() == MOST_TRIES)) {
                lose(failure);
            } else {
                last = failure;
                kept.add(new Waiting(waiting.append(), waiting.tries() + (defect ? 1 : 0)));
            }
        }
        batch.clear();
        batch.addAll(kept);
        if (last != null) {
            throw last;
        }
    }

    /** One at a time: a failure leaves each either taken or in the batch. */
    private void fill() {
        while (!taken.isEmpty()) {
            AuditRecord record = record(taken.peek());
            taken.remove();
            try {
                String key = UUID.randomUUID().toString();
                batch.add(new Waiting(new Append(STREAM, record.action(), json.write(record), key), 1));
            } catch (RuntimeException defect) {
                lose(defect);
            }
        }
    }

    /** With the account whose name was tried, if that is known; a defect in looking it up does not lose the record. */
    private AuditRecord record(AuditEntry entry) {
        String tried = entry.tried();
        if (tried == null) {
            return entry.record();
        }
        try {
            return entry.record().target(named.apply(tried).orElse(null));
        } catch (RuntimeException failure) {
            if (failure instanceof TuttiException away
                    && away.code().retry() != ErrorCode.Retry.NEVER
                    && away.code() != ErrorCode.INTERNAL) {
                throw away;
            }
            Failures.note("looking for an account for the audit", failure);
            return entry.record();
        }
    }

    private void lose(RuntimeException failure) {
        lost.increment();
        Failures.note("writing a record of the audit", failure);
    }

    private static @Nullable TuttiException failure(CompletableFuture<Appended> result, Deadline deadline)
            throws InterruptedException {
        try {
            result.get(Math.max(0, deadline.left().toMillis()), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException failure) {
            return failure.getCause() instanceof TuttiException known
                    ? known
                    : new TuttiException(ErrorCode.INTERNAL, "a record could not be stored", failure.getCause());
        } catch (TimeoutException late) {
            return new TuttiException(ErrorCode.UNAVAILABLE, "a record was not stored in time", late);
        }
    }

    private CompletableFuture<Appended> stored(Append append) {
        try {
            return streams.appendAsync(append);
        } catch (RuntimeException failure) {
            return CompletableFuture.failedFuture(failure);
        }
    }

    /** Writes what waits, for at most seven seconds. */
    @Override
    public void close() {
        writing.close(CLOSE);
        if (!writing.ended(INTERRUPTED)) {
            lost(queue.size() + BATCH);
            return;
        }
        endTallies();
        Deadline deadline = Deadline.in(CLOSE);
        try {
            do {
                if (batch.isEmpty() && taken.isEmpty()) {
                    takeNext();
                }
                write(deadline);
            } while (left() > 0 && deadline.left().isPositive());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException away) {
            log.error("Records of the audit that waited could not be written any more: {}", away.toString());
        }
        int left = left();
        if (left > 0) {
            lost(left);
        }
    }

    private int left() {
        return queue.size() + counted.size() + taken.size() + batch.size();
    }

    private void lost(int most) {
        lost.increment(most);
        log.error("Up to {} records of the audit are lost, as the instance leaves", most);
    }
}
