package dev.tutti.core.feed;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.feed.FeedState;
import java.util.concurrent.Executor;

/**
 * Receives the latest versions of feeds, for example for a connection. All methods except {@link #executor} are called on this executor,
 * one at a time.
 */
public interface FeedSubscriber {
    /** The executor of this subscriber, always the same one. It runs tasks one at a time and in order, as an event loop does. */
    Executor executor();

    /**
     * Whether the subscriber can take more now. If not, each subscription keeps only its latest state, until {@link
     * ConflatedSubscription#resume}.
     */
    boolean ready();

    /**
     * Takes a state of a feed.
     *
     * @param state the state, which is shared, with its encoded forms, by all subscribers of the executor; valid during the call
     */
    void onState(EncodeOnce<FeedState> state);

    /**
     * Another method has thrown {@code defect}. A state may be lost, and is not delivered again: the client must subscribe again to get it.
     */
    void onDefect(Throwable defect);
}
