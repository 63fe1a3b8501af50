package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber on one channel: drives a {@link DeliveryCursor} with what the channel announces and what the log says.
 * Everything but {@link #resume} and {@link #close} happens on the subscriber's executor.
 */
final class StreamSubscription extends Roster.Member implements Subscription {
    private final StreamHub hub;
    private final Channel channel;
    private final LogReader reader;
    private final Subscriber subscriber;
    private final @Nullable Feed feed;
    private final @Nullable Turns turns;
    private final DeliveryCursor cursor;
    private boolean reading;
    private volatile boolean closed;

    StreamSubscription(
            StreamHub hub, Channel channel, long after, Subscriber subscriber, @Nullable Feed feed, LogReader reader) {
        this.hub = hub;
        this.channel = channel;
        this.subscriber = subscriber;
        this.feed = feed;
        this.reader = reader;
        this.turns = subscriber.turns();
        this.cursor = new DeliveryCursor(after);
    }

    @Override
    protected Executor executor() {
        return subscriber.executor();
    }

    Channel channel() {
        return channel;
    }

    StreamName stream() {
        return channel.name();
    }

    boolean live() {
        return cursor.live();
    }

    long seen() {
        return cursor.seen();
    }

    /** Announced events, one run without a hole. */
    void offer(Shared<List<Event>> events) {
        if (closed) {
            return;
        }
        List<Event> run = events.value();
        int skip = cursor.offer(run.getFirst().seq(), run.getLast().seq(), subscriber.ready());
        if (skip < 0) {
            readLog();
        } else if (skip < run.size()) {
            give(events, skip);
        }
    }

    /** The stream is known to reach {@code head}. */
    void known(long head) {
        if (!closed && cursor.known(head)) {
            readLog();
        }
    }

    /** The log has been looked at: the stream reached {@code head} after this had been added to its channel. */
    void begin(long head) {
        cursor.known(head);
        if (closed || reading) {
            return; // what is being read decides
        }
        if (cursor.readTo(cursor.seen(), false)) {
            readLog();
        } else {
            channel.reached(cursor.seen());
        }
    }

    /** Reads the log from where the cursor is, then takes what is announced. */
    void readLog() {
        if (closed || reading || !subscriber.ready()) {
            return;
        }
        if (turns != null && !turns.take(this)) {
            return;
        }
        reading = true;
        reader.page(
                channel.name(),
                cursor.seen(),
                result -> executor().execute(() -> take(result)),
                failure -> executor().execute(() -> {
                    over();
                    fail(failure);
                }));
    }

    private void over() {
        reading = false;
        if (turns != null) {
            turns.over();
        }
    }

    /** What comes when the subscriber is not ready any more is dropped, and read again when it is. */
    private void take(ReadResult result) {
        boolean more = false;
        try {
            more = !closed && subscriber.ready() && taken(result);
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
        switch (result) {
            case ReadResult.Page page -> {
                long last = page.events().isEmpty()
                        ? cursor.seen()
                        : page.events().getLast().seq();
                more = cursor.readTo(last, page.more());
                if (!page.events().isEmpty()) {
                    try (Shared<List<Event>> events = new Shared<>(page.events())) {
                        give(events, 0);
                    }
                }
            }
            case ReadResult.Gap gap -> {
                cursor.gap(gap.resume());
                subscriber.onGap(gap);
            }
        }
        if (!more) {
            channel.reached(cursor.seen());
            if (feed != null) {
                feed.caughtUp();
            }
        }
        return more;
    }

    private void give(Shared<List<Event>> events, int from) {
        if (feed == null) {
            subscriber.onEvents(events, from);
        } else {
            feed.give(this, events, from);
        }
    }

    private void fail(TuttiException failure) {
        if (closed) {
            return;
        }
        close();
        if (feed == null) {
            subscriber.onFailure(failure);
        } else {
            feed.fail(failure);
        }
    }

    @Override
    public void resume() {
        executor().execute(this::resumeHere);
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
