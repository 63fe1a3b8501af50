package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream that has subscribers at this instance. Knows the last seq it passed on, passes on the next, reads the log once for all
 * when there is a hole, and drops what is old. Its lock guards what it knows; its subscriptions are guarded by
 * {@link ExecutorGroups}.
 *
 * <p>How far it is, it learns from the log alone: committed events, pages and heads. Where the log turns out to end before
 * that, because the database lost its latest events in a failover, it goes back, see {@link #check}.
 */
final class StreamChannel {
    private static final Logger log = LoggerFactory.getLogger(StreamChannel.class);
    private static final long UNKNOWN = -1;

    private final StreamName name;
    private final LogReader reader;
    private final LongSupplier round;
    private final ExecutorGroups<StreamSubscription> subscriptions = new ExecutorGroups<>();
    private volatile @Nullable Entitlements shownTo; // those of a follow subscription that it was or is part of
    private long passedOn = UNKNOWN;
    private Instant passedOnAt = Instant.MAX; // the time of that event, if it is known
    private Instant lostBefore = Instant.MAX; // the time of an event that came in the place of a lost one, perhaps
    private long passedOnBefore = UNKNOWN; // what had been passed on when lastRound began
    private long lastRound;
    private long wanted;
    private boolean reading;
    private boolean doubted;

    /**
     * The channel of {@code name}, without subscribers.
     *
     * @param round the number of the last sweep that has begun
     */
    StreamChannel(StreamName name, LogReader reader, LongSupplier round) {
        this.name = name;
        this.reader = reader;
        this.round = round;
    }

    StreamName name() {
        return name;
    }

    /** Adds a subscription. Events that are committed from now on are announced to it, or found by its own look at the log. */
    void add(StreamSubscription subscription) {
        subscription.entitlements().ifPresent(theirs -> shownTo = theirs);
        subscriptions.add(subscription);
    }

    /** Takes one out again. */
    void remove(StreamSubscription subscription) {
        subscriptions.remove(subscription);
    }

    boolean isEmpty() {
        return subscriptions.isEmpty();
    }

    /** A run of events without a hole, just committed. */
    synchronized void announce(List<Event> events) {
        long first = events.getFirst().seq();
        long last = events.getLast().seq();
        if (passedOn == UNKNOWN) {
            // nobody has looked at the log yet; each subscription checks for itself whether this is its next event
            passedOn = first - 1;
        }
        if (last <= passedOn) {
            Instant at = events.getFirst().at();
            if (passedOnAt.equals(Instant.MAX) || at.isAfter(passedOnAt)) {
                // times only grow: this event may be newer than the last one, and yet it has a smaller seq
                lostBefore = at.isBefore(lostBefore) ? at : lostBefore;
                check();
            }
            return;
        }
        if (first > passedOn + 1 || reading) {
            fetch(last);
            return;
        }
        passOn(first == passedOn + 1 ? events : events.subList((int) (passedOn + 1 - first), events.size()));
    }

    /** The stream is said to reach {@code head}, though maybe nobody announced it. */
    synchronized void known(long head) {
        if (passedOn == UNKNOWN) {
            tell(head);
        } else if (head > passedOn) {
            fetch(head);
        }
    }

    /** The store said, in the sweep that began last, that the stream reaches {@code head}. */
    synchronized void swept(long head) {
        if (head < (round.getAsLong() == lastRound ? passedOnBefore : passedOn)) {
            check();
        } else {
            known(head);
        }
    }

    /**
     * A subscription read the log up to its end, the event {@code seq} of the time {@code at}, {@link Instant#MAX} if that is
     * not known: a hole before the next announcement can be seen from now on. The others may have read it earlier, so that
     * it ended before that for them: they are told.
     */
    synchronized void ends(long seq, Instant at) {
        if (passedOn == UNKNOWN) {
            passedOn = seq;
            passedOnAt = at;
            tell(seq);
        }
    }

    /** Whether everything up to {@code head} has been passed on, so far as this channel answers for it, but for those {@link #behind}. */
    synchronized boolean hasPassedOn(long head) {
        return passedOn == UNKNOWN || passedOn >= head;
    }

    /** Tries again to reach the executors that did not take something; their subscriptions then fail, so that their clients resume. */
    void mend() {
        subscriptions.mend();
    }

    /** Adds the executors that have not taken something, and have not been reached since. */
    void behind(Set<Executor> executors) {
        subscriptions.behind(executors);
    }

    /** Looks whether what was passed on last is still in the log, and goes back to the last event that is if it is not. */
    synchronized void check() {
        if (reading) {
            doubted = true;
        } else if (passedOn != UNKNOWN) {
            reading = true;
            Instant from = passedOnAt.equals(Instant.MAX) ? lostBefore : passedOnAt.plus(1, ChronoUnit.MICROS);
            LogTruncation tail = new LogTruncation(name, passedOn, passedOnAt, from, reader.pageSize());
            lostBefore = Instant.MAX;
            reader.ask(tail::kept, this::checked, this::notFetched);
        }
    }

    private synchronized void checked(long kept) {
        reading = false;
        if (kept < passedOn) {
            log.warn(
                    "{}: the log has lost the events behind {}, up to {} of which were passed on; subscribers are told",
                    name,
                    kept,
                    passedOn);
            subscriptions.each(kept, (member, seq) -> member.lost(seq.value()));
            passedOn = kept;
            passedOnBefore = kept;
            passedOnAt = Instant.MAX;
        }
        goOn();
    }

    private void passOn(List<Event> events) {
        subscriptions.each(events, StreamSubscription::offer);
        passedOn(events.getLast());
    }

    private void passedOn(Event last) {
        if (lastRound != round.getAsLong()) {
            lastRound = round.getAsLong();
            passedOnBefore = passedOn;
        }
        passedOn = last.seq();
        passedOnAt = last.at();
    }

    private void tell(long head) {
        subscriptions.each(head, (member, seq) -> member.known(seq.value()));
    }

    private void fetch(long head) {
        wanted = Math.max(wanted, head);
        if (!reading) {
            reading = true;
            wanted = passedOn; // what is read answers for what was said before
            long after = passedOn;
            reader.ask(store -> hole(store, after), this::fetched, this::notFetched);
        }
    }

    /**
     * A page that was read once for all.
     *
     * @param outdated whether some of it is shown otherwise by now
     */
    private record Hole(ReadResult result, boolean outdated) {}

    private Hole hole(StreamStore store, long after) {
        ReadResult result = store.read(name, new Range.After(after), reader.pageSize());
        return new Hole(result, result instanceof ReadResult.Page page && isOutdated(page.events()));
    }

    private boolean isOutdated(List<Event> events) {
        Entitlements entitlements = shownTo;
        try {
            return entitlements != null
                    && !events.isEmpty()
                    && !entitlements.shown(events).equals(events);
        } catch (Throwable failure) { // which is that subscription's own: it finds out when it reads
            return true;
        }
    }

    private synchronized void fetched(Hole hole) {
        reading = false;
        switch (hole.result()) {
            case ReadResult.Page(List<Event> events, boolean more) -> {
                if (hole.outdated()) {
                    tell(events.getLast().seq()); // each subscription reads it as it is shown to its client
                    passedOn(events.getLast());
                } else if (!events.isEmpty()) {
                    passOn(events);
                }
                wanted = Math.max(wanted, more ? passedOn + 1 : 0);
            }
            case ReadResult.Gap gap -> {
                if (gap.reason() == ReadResult.Gap.Reason.AHEAD) {
                    doubted = true;
                } else {
                    // each subscription finds out on its own, and tells its subscriber
                    tell(gap.resume());
                    passedOn = gap.resume();
                    passedOnAt = Instant.MAX;
                    wanted = Math.max(wanted, passedOn + 1);
                }
            }
        }
        goOn();
    }

    private void goOn() {
        if (subscriptions.isEmpty()) {
            return;
        }
        if (doubted) {
            doubted = false;
            check();
        } else if (wanted > passedOn) {
            fetch(wanted);
        }
    }

    private synchronized void notFetched(TuttiException failure) {
        reading = false;
        log.error(
                "{}: what is behind {} could not be read from the log; subscribers read it themselves",
                name,
                passedOn,
                failure);
        tell(passedOn + 1); // so that no one counts as up to date
        passedOn = UNKNOWN;
    }
}
