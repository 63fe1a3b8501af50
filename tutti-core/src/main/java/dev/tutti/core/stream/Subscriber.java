package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of its subscriptions, for example for a connection.
 *
 * <p>All methods except {@link #executor} are called on this executor, one at a time, so a subscriber needs no lock.
 */
public interface Subscriber {
    /** The executor of this subscriber, always the same one. It runs tasks one at a time and in order, as an event loop does. */
    Executor executor();

    /**
     * Whether the subscriber can take more events now. If not, its subscriptions get no events until it calls {@link Subscription#resume}.
     * The events wait in the log, not in memory.
     */
    boolean ready();

    /** The permits for reading the log, which all subscribers of one client share. Always the same; null for no bound. */
    default @Nullable LogReadPermits logReads() {
        return null;
    }

    /**
     * Takes consecutive events of one stream.
     *
     * @param events the events, which are shared, with their encoded forms, by all subscribers of the executor
     * @param from the index of the first event to take; this subscriber has the earlier ones already
     */
    void onEvents(EncodeOnce<List<Event>> events, int from);

    /** Takes a gap: events cannot be delivered, and the next events are those after {@code gap.resume()}. */
    void onGap(ReadResult.Gap gap);

    /**
     * Takes a position of a follow subscription: all events up to {@code position} were delivered. It is the new beginning of the client's
     * resume token, see {@link FollowToken}.
     */
    default void onPosition(EncodeOnce<String> position) {}

    /** The subscription has ended because of {@code failure}, which another attempt would not avoid. */
    void onFailure(TuttiException failure);
}
