package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * One subscriber on all streams it is entitled to, which change with what it sees. Lives on its subscriber's executor,
 * but for {@link #resume} and {@link #close}.
 */
final class Feed extends Roster.Member implements Subscription {
    private record Heads(Position position, Map<StreamName, Long> seqs) {}

    private final StreamHub hub;
    private final Entitlements entitlements;
    private final Subscriber subscriber;
    private final Map<StreamName, StreamSubscription> streams = new HashMap<>();
    private @Nullable Position beginning; // until it is told
    private boolean positionDue;
    private long nextRound = Long.MAX_VALUE; // until the beginning was told
    private boolean opened;
    private boolean closed;

    Feed(StreamHub hub, Entitlements entitlements, Subscriber subscriber) {
        this.hub = hub;
        this.entitlements = entitlements;
        this.subscriber = subscriber;
    }

    @Override
    protected Executor executor() {
        return subscriber.executor();
    }

    /** Begins, with each of the streams behind what was seen of it. */
    void begin(Map<StreamName, Long> seen, LogReader reader) {
        if (closed) {
            return;
        }
        seen.forEach((stream, after) -> streams.put(stream, hub.add(stream, after, subscriber, this)));
        hub.add(this);
        opened = true;
        reader.ask(
                store -> {
                    Position now = store.now();
                    return new Heads(now, store.seen(now, seen.keySet()));
                },
                heads -> executor().execute(() -> looked(heads)),
                failure -> executor().execute(() -> fail(failure)));
    }

    /** The log was looked at after the streams had been added: what came later is announced or swept up. */
    private void looked(Heads heads) {
        if (closed) {
            return;
        }
        heads.seqs().forEach((stream, head) -> {
            StreamSubscription subscription = streams.get(stream);
            if (subscription != null) {
                subscription.begin(head);
            }
        });
        beginning = heads.position();
        caughtUp();
    }

    /** One of the streams, or the beginning, failed for good. */
    void fail(TuttiException failure) {
        if (!closed) {
            close();
            subscriber.onFailure(failure);
        }
    }

    /** Passes on events of one of the streams, and follows what they change. */
    void give(StreamSubscription subscription, Shared<List<Event>> events, int from) {
        positionDue = true;
        List<Event> run = events.value();
        List<Entitlements.Change.Add> added = new ArrayList<>(0);
        for (int i = from; i < run.size(); i++) {
            switch (entitlements.change(run.get(i))) {
                case Entitlements.Change.None _ -> {}
                case Entitlements.Change.Add add -> added.add(add);
                case Entitlements.Change.Leave _ -> {
                    subscription.close();
                    streams.remove(subscription.stream());
                    try (Shared<List<Event>> last = new Shared<>(run.subList(from, i + 1))) {
                        subscriber.onEvents(last, 0);
                    }
                    added.forEach(this::add);
                    return;
                }
            }
        }
        subscriber.onEvents(events, from);
        added.forEach(this::add);
    }

    private void add(Entitlements.Change.Add add) {
        if (!closed && !streams.containsKey(add.stream())) {
            StreamSubscription subscription = hub.add(add.stream(), add.after(), subscriber, this);
            streams.put(add.stream(), subscription);
            subscription.readLog();
        }
    }

    /** One of the streams has caught up with its log; when all have, the position of the beginning is behind us. */
    void caughtUp() {
        Position position = beginning;
        if (position != null && allLive()) {
            beginning = null;
            nextRound = hub.round() + 1;
            try (Shared<String> shared = new Shared<>(position.token())) {
                subscriber.onPosition(shared);
            }
        }
    }

    /**
     * Everything committed up to {@code position}, which was taken in {@code round}, was passed on to those who are live.
     * A round that began before the last position was told is left out: what was seen in between could be ahead of it,
     * and a client forgets that when it is told, see {@link FeedToken}.
     */
    void position(Shared<String> position, long round) {
        if (positionDue && round >= nextRound && allLive()) {
            positionDue = false;
            nextRound = round + 1;
            subscriber.onPosition(position);
        }
    }

    private boolean allLive() {
        return streams.values().stream().allMatch(StreamSubscription::live);
    }

    @Override
    public void resume() {
        executor().execute(() -> List.copyOf(streams.values()).forEach(StreamSubscription::resumeHere));
    }

    @Override
    public void close() {
        executor().execute(() -> {
            if (!closed) {
                closed = true;
                if (opened) {
                    hub.remove(this);
                }
                streams.values().forEach(StreamSubscription::close);
                streams.clear();
            }
        });
    }
}
