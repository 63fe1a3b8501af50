package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Entitlements.Change;
import dev.tutti.stream.Event;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One subscriber on all streams it is entitled to. Lives on its subscriber's executor, but for {@link #resume} and {@link
 * #close}.
 *
 * <p>Events say when entitlements may have changed, {@link Entitlements} says what they are: a stream that is doubtful gives
 * nothing until that was asked. The answer is never older than where the stream goes on, so that whatever takes the stream
 * away later is an event still to come.
 */
final class FollowSubscription extends ExecutorGroups.GroupMember implements Subscription {
    private static final Logger log = LoggerFactory.getLogger(FollowSubscription.class);

    private record Beginning(Position position, Map<StreamName, Long> heads, Map<StreamName, Long> floors) {}

    private final StreamHub hub;
    private final LogReader reader;
    private final Entitlements entitlements;
    private final Subscriber subscriber;
    private final Map<StreamName, StreamSubscription> streams = new HashMap<>();
    private final Map<StreamName, Long> doubtful = new HashMap<>(); // and behind which seq they would go on
    private final Set<StreamName> doubtfulAgain = new HashSet<>(); // since the question under way
    private boolean allDoubtful;
    private boolean asking;
    private @Nullable Position beginning; // until it is told
    private boolean positionDue;
    private long nextRound = Long.MAX_VALUE; // until the beginning was told
    private boolean opened;
    private boolean closed;

    FollowSubscription(StreamHub hub, LogReader reader, Entitlements entitlements, Subscriber subscriber) {
        this.hub = hub;
        this.reader = reader;
        this.entitlements = entitlements;
        this.subscriber = subscriber;
    }

    @Override
    protected Executor executor() {
        return subscriber.executor();
    }

    /** Begins, with each of the streams behind what was seen of it, as the client says. */
    void begin(Map<StreamName, Long> seen) {
        if (closed) {
            return;
        }
        seen.forEach((stream, after) -> streams.put(stream, hub.add(stream, after, subscriber, this)));
        hub.add(this);
        opened = true;
        asking = true;
        ask(
                store -> {
                    Position now = store.now();
                    return new Beginning(now, store.seen(now, seen.keySet()), entitlements.streams());
                },
                this::looked);
    }

    /**
     * The log was looked at after the streams had been added, and the entitlements after that: events that came later are announced
     * or swept up, and so is what ended an entitlement later, whatever the client says that it has seen.
     */
    private void looked(Beginning found) {
        reconcile(union(streams.keySet(), found.floors().keySet()), found.floors());
        found.heads().forEach((stream, head) -> {
            StreamSubscription subscription = streams.get(stream);
            if (subscription != null) {
                subscription.begin(head);
            }
        });
        beginning = found.position();
        caughtUp();
    }

    Entitlements entitlements() {
        return entitlements;
    }

    /** The events of a page of the log, as the client sees them. Blocks; on any thread. */
    List<Event> shown(List<Event> page) {
        List<Event> shown = entitlements.shown(page);
        if (shown.size() != page.size()) {
            throw new IllegalStateException(shown.size() + " of " + page.size() + " events are shown; all must be");
        }
        return shown;
    }

    /** One of the streams, or the beginning, failed for good. */
    void fail(TuttiException failure) {
        if (!closed) {
            closeHere();
            subscriber.onFailure(failure);
        }
    }

    @Override
    protected void failed(Throwable defect) {
        if (!closed) {
            log.error("A follow subscription failed; it ends, so that its client resumes", defect);
            fail(new TuttiException(
                    ErrorCode.INTERNAL, "the events of a follow subscription could not be delivered", defect));
        }
    }

    /** Passes on events of one of the streams, and follows what they change. */
    void give(StreamSubscription subscription, EncodeOnce<List<Event>> events, int from) {
        StreamName stream = subscription.stream();
        List<Event> run = events.value();
        List<Change> changes = List.of(); // as nearly always, for each of many that share the events
        int end = from;
        boolean left = false;
        while (end < run.size() && !left) {
            Change change = entitlements.change(run.get(end));
            end++;
            left = change instanceof Change.Leave leave && leave.stream().equals(stream);
            if (!(change instanceof Change.None) && !left) {
                changes = changes.isEmpty() ? new ArrayList<>() : changes;
                changes.add(change);
            }
        }
        positionDue = true;
        if (end == run.size()) {
            subscriber.onEvents(events, from);
        } else {
            try (EncodeOnce<List<Event>> last = new EncodeOnce<>(run.subList(from, end))) {
                subscriber.onEvents(last, 0);
            }
        }
        if (left) {
            doubt(stream, run.get(end - 1).seq());
        }
        if (!changes.isEmpty()) {
            changes.forEach(this::follow);
        }
        askDoubtful();
    }

    private void follow(Change change) {
        switch (change) {
            case Change.None _ -> {}
            case Change.Add(StreamName stream) -> {
                // one that is there goes on to the event that ends it, if that is still to come
                if (!streams.containsKey(stream)) {
                    doubt(stream, 0);
                }
            }
            case Change.Leave(StreamName stream, long seq) -> {
                StreamSubscription there = streams.get(stream);
                if (there == null ? doubtful.containsKey(stream) : there.seen() >= seq) {
                    doubt(stream, there == null ? 0 : there.seen());
                }
            }
        }
    }

    /** One of the streams left out some events, which could have said anything. */
    void skipped(StreamSubscription subscription) {
        doubt(subscription.stream(), subscription.seen());
        allDoubtful = true;
        askDoubtful();
    }

    private void doubt(StreamName stream, long after) {
        StreamSubscription there = streams.remove(stream);
        if (there != null) {
            there.close();
        }
        doubtful.merge(stream, after, Math::max);
        if (asking) {
            doubtfulAgain.add(stream);
        }
    }

    private void askDoubtful() {
        if (asking || closed || doubtful.isEmpty()) {
            return;
        }
        asking = true;
        doubtfulAgain.clear();
        boolean all = allDoubtful;
        allDoubtful = false;
        Set<StreamName> some = Set.copyOf(doubtful.keySet());
        ask(
                _ -> all ? entitlements.streams() : entitlements.streams(some),
                floors -> reconcile(all ? union(streams.keySet(), floors.keySet(), some) : some, floors));
    }

    /** Asks, and then runs {@code then} here. */
    private <T> void ask(LogReader.Question<T> question, Consumer<T> then) {
        reader.ask(
                question,
                answer -> executor()
                        .execute(() -> guarded(() -> {
                            if (!closed) {
                                asking = false;
                                then.accept(answer);
                                askDoubtful();
                                caughtUp();
                            }
                        })),
                failure -> executor().execute(() -> guarded(() -> fail(failure))));
    }

    /** Makes the given streams what they shall be, except for those of which something was heard since it was asked. */
    private void reconcile(Set<StreamName> given, Map<StreamName, Long> floors) {
        for (StreamName stream : given) {
            if (doubtfulAgain.contains(stream)) {
                continue;
            }
            Long floor = floors.get(stream);
            long after = doubtful.containsKey(stream) ? doubtful.remove(stream) : 0;
            StreamSubscription there = streams.get(stream);
            if (there != null && (floor == null || there.seen() < floor)) {
                streams.remove(stream);
                there.close();
                there = null;
            }
            if (there == null && floor != null) {
                StreamSubscription added = hub.add(stream, Math.max(floor, after), subscriber, this);
                streams.put(stream, added);
                added.begin();
            }
        }
    }

    @SafeVarargs
    private static Set<StreamName> union(Set<StreamName>... sets) {
        Set<StreamName> union = new HashSet<>();
        for (Set<StreamName> set : sets) {
            union.addAll(set);
        }
        return union;
    }

    /** One of the streams has caught up with its log; when all have, the position of the beginning is behind us. */
    void caughtUp() {
        Position position = beginning;
        if (position != null && allLive()) {
            beginning = null;
            nextRound = hub.round() + 1;
            try (EncodeOnce<String> encoded = new EncodeOnce<>(position.token())) {
                subscriber.onPosition(encoded);
            }
        }
    }

    /**
     * Everything committed up to {@code position}, which was taken in {@code round}, was passed on to those who are live. A round
     * that began before the last position was told is left out: events that were seen in between could be ahead of it, and a client
     * forgets that when it is told, see {@link FollowToken}.
     */
    void position(EncodeOnce<String> position, long round) {
        if (!closed && positionDue && round >= nextRound && allLive()) {
            subscriber.onPosition(position);
            positionDue = false;
            nextRound = round + 1;
        }
    }

    private boolean allLive() {
        return !asking && doubtful.isEmpty() && streams.values().stream().allMatch(StreamSubscription::live);
    }

    @Override
    public void resume() {
        executor().execute(() -> List.copyOf(streams.values()).forEach(each -> each.guarded(each::resumeHere)));
    }

    @Override
    public void close() {
        executor().execute(this::closeHere);
    }

    private void closeHere() {
        if (!closed) {
            closed = true;
            if (opened) {
                hub.remove(this);
            }
            streams.values().forEach(each -> Failures.guard("Ending a subscription of one who follows", each::close));
            streams.clear();
        }
    }
}
