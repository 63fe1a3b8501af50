package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber on one channel: drives a {@link DeliveryCursor} with what the channel announces and what the log says. Everything
 * but {@link #resume} and {@link #close} happens on the subscriber's executor. Anything that the subscriber throws ends this
 * subscription, with the cursor where it was.
 */
final class StreamSubscription extends ExecutorGroups.GroupMember implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(StreamSubscription.class);

    private final StreamHub hub;
    private final StreamChannel channel;
    private final LogReader reader;
    private final Subscriber subscriber;
    private final @Nullable FollowSubscription following;
    private final @Nullable LogReadPermits logReads;
    private final DeliveryCursor cursor;
    private boolean begun; // before, nothing is given: the follow subscription does not know yet whether it may be
    private boolean reading;
    private volatile boolean closed;

    StreamSubscription(
            StreamHub hub,
            StreamChannel channel,
            long after,
            Subscriber subscriber,
            @Nullable FollowSubscription following,
            LogReader reader) {
        this.hub = hub;
        this.channel = channel;
        this.subscriber = subscriber;
        this.following = following;
        this.reader = reader;
        this.logReads = subscriber.logReads();
        this.cursor = new DeliveryCursor(after);
    }

    @Override
    protected Executor executor() {
        return subscriber.executor();
    }

    StreamChannel channel() {
        return channel;
    }

    StreamName stream() {
        return channel.name();
    }

    /** Those of the follow subscription that it is part of, if it is. */
    Optional<Entitlements> entitlements() {
        return Optional.ofNullable(following).map(FollowSubscription::entitlements);
    }

    boolean live() {
        return cursor.live();
    }

    long seen() {
        return cursor.seen();
    }

    /** Announced events, one run without a hole. */
    void offer(EncodeOnce<List<Event>> events) {
        if (closed) {
            return;
        }
        List<Event> run = events.value();
        int skip = cursor.offer(run.getFirst().seq(), run.getLast().seq(), begun && subscriber.ready());
        if (skip < 0) {
            readLog();
        } else if (skip < run.size()) {
            give(events, skip);
        }
    }

    /** The stream is said to reach {@code head}. */
    void known(long head) {
        if (!closed && cursor.known(head)) {
            readLog();
        }
    }

    /** The log has lost what lies behind {@code kept}, if this has had any of it. */
    void lost(long kept) {
        if (!closed && begun && cursor.seen() > kept) {
            gap(new ReadResult.Gap(stream(), cursor.seen(), kept));
            readLog();
        }
    }

    /** The log has been looked at: the stream reached {@code head} after this had been added to its channel. */
    void begin(long head) {
        if (closed || begun) {
            return;
        }
        begun = true;
        if (head < cursor.seen()) {
            gap(new ReadResult.Gap(stream(), cursor.seen(), head)); // the client made it up, or the log lost its end
        }
        cursor.known(head);
        if (cursor.read(false)) {
            readLog();
        } else if (!closed) {
            channel.ends(cursor.seen(), Instant.MAX);
        }
    }

    /** Begins, by reading the log behind the cursor. */
    void begin() {
        begun = true;
        readLog();
    }

    /** Reads the log from where the cursor is, then takes what is announced. */
    void readLog() {
        if (closed || !begun || reading || !subscriber.ready()) {
            return;
        }
        if (logReads != null && !logReads.take(this)) {
            return;
        }
        reading = true;
        cursor.reading();
        long after = cursor.seen();
        reader.page(
                channel.name(),
                following == null ? page -> page : following::shown,
                () -> closed,
                cursor.seen(),
                result -> executor().execute(() -> guarded(() -> take(after, result))),
                failure -> executor()
                        .execute(() -> guarded(() -> {
                            over();
                            fail(failure);
                        })));
    }

    private void over() {
        reading = false;
        if (logReads != null) {
            logReads.over();
        }
    }

    /** A result that comes when the subscriber is not ready any more is dropped, and read again when it is. */
    private void take(long after, ReadResult result) {
        boolean more = false;
        try {
            more = !closed && (after != cursor.seen() || (subscriber.ready() && taken(result)));
        } finally {
            over();
        }
        if (more) {
            readLog();
        }
    }

    /** Gives what was read; returns whether there is more to read. */
    private boolean taken(ReadResult result) {
        boolean more = true;
        Instant at = Instant.MAX;
        switch (result) {
            case ReadResult.Page(List<Event> events, boolean further) -> {
                if (!events.isEmpty()) {
                    at = events.getLast().at();
                    try (EncodeOnce<List<Event>> encoded = new EncodeOnce<>(events)) {
                        give(encoded, 0);
                    }
                }
                more = cursor.read(further);
            }
            case ReadResult.Gap gap -> gap(gap);
        }
        if (closed) {
            return false;
        }
        if (!more) {
            channel.ends(cursor.seen(), at);
            if (following != null) {
                following.caughtUp();
            }
        }
        return more;
    }

    private void give(EncodeOnce<List<Event>> events, int from) {
        if (following == null) {
            subscriber.onEvents(events, from);
        } else {
            following.give(this, events, from);
        }
        cursor.had(events.value().getLast().seq());
    }

    private void gap(ReadResult.Gap gap) {
        subscriber.onGap(gap);
        cursor.gap(gap.resume());
        if (following != null) {
            following.skipped(this);
        }
    }

    @Override
    protected void failed(Throwable defect) {
        if (!closed) {
            log.error("{}: a subscriber failed; its subscription ends, so that its client resumes", stream(), defect);
            fail(new TuttiException(
                    ErrorCode.INTERNAL, "the events of " + stream() + " could not be delivered", defect));
        }
    }

    private void fail(TuttiException failure) {
        if (closed) {
            return;
        }
        try {
            close();
        } finally { // whatever happens, its client must not wait for more
            if (following == null) {
                subscriber.onFailure(failure);
            } else {
                following.fail(failure);
            }
        }
    }

    @Override
    public void resume() {
        executor().execute(() -> guarded(this::resumeHere));
    }

    /** As {@link #resume}, on the executor already. */
    void resumeHere() {
        if (!cursor.live()) {
            readLog();
        }
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            hub.remove(this);
        }
    }
}
