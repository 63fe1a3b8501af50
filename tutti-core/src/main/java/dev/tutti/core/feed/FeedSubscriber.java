package dev.tutti.core.feed;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.feed.FeedState;
import java.util.concurrent.Executor;

/** Receives the latest of its feeds: a connection, or a piece of application code. Called on its executor, one call at a time. */
public interface FeedSubscriber {
    /** Runs tasks one at a time and in order: an event loop, or a serial executor. Always the same one. */
    Executor executor();

    /**
     * Whether it can take more now. If not, each subscription keeps the latest state alone, until {@link
     * ConflatedSubscription#resume}.
     */
    boolean ready();

    /**
     * The feed is like this now.
     *
     * @param state shared with the executor's other subscribers, together with what is encoded from it; valid during the call
     */
    void onState(EncodeOnce<FeedState> state);

    /** Something above threw {@code defect}: a state may not have been given, and is not given again. A client has to come back for it. */
    void onDefect(Throwable defect);
}
