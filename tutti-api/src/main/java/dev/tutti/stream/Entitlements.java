package dev.tutti.stream;

import java.util.Map;

/**
 * Which streams belong to a feed, the one subscription that brings a client everything it is entitled to. A feature
 * implements this; both methods are called on virtual threads and may block.
 *
 * <p>What a client may see changes through events in the streams that it sees already, so that the change has a place
 * in their order: a personal inbox tells of a conversation joined, a conversation tells of a member gone.
 */
public interface Entitlements {
    /** The streams as they are now, at most 10,000, each with the seq behind which the client may read. */
    Map<StreamName, Long> streams();

    /** What {@code event}, which the client is about to see, changes. Must be quick: it is asked for every event. */
    default Change change(Event event) {
        return new Change.None();
    }

    /** What an event does to a feed. */
    sealed interface Change {
        /** Nothing, as nearly always. */
        record None() implements Change {}

        /** From now on {@code stream} belongs to it, from behind {@code after}. */
        record Add(StreamName stream, long after) implements Change {}

        /** This event is the last one of its stream that the client sees. */
        record Leave() implements Change {}
    }
}
