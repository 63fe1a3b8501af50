package dev.tutti.core.stream;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Receives the events of its subscriptions: a connection, or a piece of application code.
 *
 * <p>All methods but {@link #executor} are called on that executor, one at a time, so that a subscriber needs no lock.
 */
public interface Subscriber {
    /** Runs tasks one at a time and in order: an event loop, or a serial executor. Always the same one. */
    Executor executor();

    /**
     * Whether it can take more now. If not, its subscriptions stay in the log, at no cost in memory, until it calls {@link
     * Subscription#resume}.
     */
    boolean ready();

    /** Shared by all subscribers of one client: they read the log in turns. Always the same; null for one that is alone. */
    default @Nullable LogReadPermits logReads() {
        return null;
    }

    /**
     * Takes the events {@code from} and behind of a run of events of one stream. Those before it were taken earlier.
     *
     * @param events shared with the executor's other subscribers, together with what is encoded from them
     */
    void onEvents(EncodeOnce<List<Event>> events, int from);

    /** Learns that events are no longer kept; the next events are behind {@code gap.resume()}. */
    void onGap(ReadResult.Gap gap);

    /**
     * Learns, where it follows streams, that everything up to {@code position} was given to it: the new beginning of its resume token, see
     * {@link FollowToken}.
     */
    default void onPosition(EncodeOnce<String> position) {}

    /** Learns that a subscription ended by a failure that repeating would not mend. */
    void onFailure(TuttiException failure);
}
