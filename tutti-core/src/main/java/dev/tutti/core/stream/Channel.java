package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream that has subscribers at this instance. Knows the last seq it passed on, passes on the next, reads the log
 * once for all when there is a hole, and drops what is old. Its lock guards what it knows; who
 * subscribes is the {@link Roster}'s.
 */
final class Channel {
    private static final Logger log = LoggerFactory.getLogger(Channel.class);
    private static final long UNKNOWN = -1;

    private final StreamName name;
    private final LogReader reader;
    private final Roster<StreamSubscription> subscriptions = new Roster<>();
    private long passedOn = UNKNOWN;
    private long wanted;
    private boolean reading;

    Channel(StreamName name, LogReader reader) {
        this.name = name;
        this.reader = reader;
    }

    StreamName name() {
        return name;
    }

    /** Adds a subscription. What is committed from now on is announced to it, or found by its own look at the log. */
    void add(StreamSubscription subscription) {
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
            return;
        }
        if (first > passedOn + 1 || reading) {
            fetch(last);
            return;
        }
        List<Event> fresh =
                first == passedOn + 1 ? events : events.subList((int) (passedOn + 1 - first), events.size());
        passOn(fresh);
    }

    /** The stream is known to reach {@code head}, though maybe nobody announced it. */
    synchronized void known(long head) {
        if (passedOn == UNKNOWN) {
            tell(head);
        } else if (head > passedOn) {
            fetch(head);
        }
    }

    /** A subscription went live behind {@code seq}: a hole before the next announcement can be seen from now on. */
    synchronized void reached(long seq) {
        if (passedOn == UNKNOWN) {
            passedOn = seq;
        }
    }

    /** Whether everything up to {@code head} has been passed on, so far as this channel answers for it. */
    synchronized boolean hasPassedOn(long head) {
        return passedOn == UNKNOWN || passedOn >= head;
    }

    private void passOn(List<Event> events) {
        passedOn = events.getLast().seq();
        subscriptions.each(members -> {
            try (Shared<List<Event>> shared = new Shared<>(events)) {
                members.forEach(member -> member.offer(shared));
            }
        });
    }

    private void tell(long head) {
        subscriptions.each(members -> members.forEach(member -> member.known(head)));
    }

    private void fetch(long head) {
        wanted = Math.max(wanted, head);
        if (!reading) {
            reading = true;
            reader.page(name, passedOn, this::fetched, this::notFetched);
        }
    }

    private synchronized void fetched(ReadResult result) {
        reading = false;
        switch (result) {
            case ReadResult.Page(List<Event> events, boolean _) -> {
                if (events.isEmpty()) {
                    wanted = passedOn;
                } else {
                    passOn(events);
                }
            }
            case ReadResult.Gap gap -> {
                // each subscription finds out on its own, and tells its subscriber
                passedOn = gap.resume();
                tell(gap.resume());
            }
        }
        if (wanted > passedOn && !subscriptions.isEmpty()) {
            fetch(wanted);
        }
    }

    private synchronized void notFetched(TuttiException failure) {
        reading = false;
        log.error(
                "{}: a hole behind {} could not be read from the log; subscribers read it themselves with the next"
                        + " event",
                name,
                passedOn,
                failure);
        passedOn = UNKNOWN;
    }
}
