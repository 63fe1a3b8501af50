package dev.tutti.stream;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which streams belong to a follow subscription, the one that brings a client everything it is entitled to. A feature
 * implements this.
 *
 * <p>The entitlement of a client changes through events in the streams that it sees already, so that the change has a place
 * in their order: a personal inbox tells of a conversation joined, a conversation tells of a member gone. Such an event is
 * a reason to ask, not an answer, because a client may have skipped others: the subscription asks {@link #streams} at its begin,
 * with each {@link Change}, and after each gap.
 */
public interface Entitlements {
    /**
     * The streams as they are now, at most 10,000, each with the seq behind which the client may read. Called on virtual
     * threads; may block.
     */
    Map<StreamName, Long> streams();

    /** Those of {@code among} that are in {@link #streams} now. Called on virtual threads; may block. */
    default Map<StreamName, Long> streams(Collection<StreamName> among) {
        Map<StreamName, Long> some = new HashMap<>(streams());
        some.keySet().retainAll(among);
        return some;
    }

    /**
     * By which events streams were added, as far as that is known. A client that resumes from before such an event has seen
     * nothing of the stream: it begins where {@link #streams} says, and not where the stream was when the client left. Asked when a client
     * resumes, after {@link #streams}. Called on virtual threads; may block.
     */
    default Map<StreamName, Addition> additions() {
        return Map.of();
    }

    /**
     * The change by {@code event}, which the client is about to see. Must be quick and must not block: it is asked for every
     * event, on the client's event loop.
     */
    default Change change(Event event) {
        return new Change.None();
    }

    /**
     * The events of {@code page}, which was read from the log of one stream, as the client sees them: the same ones, in the
     * same order, some perhaps with other data. Where this instance has missed something it is read once for all of these subscriptions, and one of them
     * is asked: if it shows the page as it is, all are given it so. Called on virtual threads; may block.
     */
    default List<Event> shown(List<Event> page) {
        return page;
    }

    /** The event that added a stream: of which other stream of the subscription, and its seq there. */
    record Addition(StreamName stream, long seq) {}

    /** The effect of an event on a follow subscription. */
    sealed interface Change {
        /** Nothing, as nearly always. */
        record None() implements Change {}

        /** {@code stream} may belong to it from now on. */
        record Add(StreamName stream) implements Change {}

        /** The client sees nothing of {@code stream} behind {@code seq}, unless it belongs to the subscription again. */
        record Leave(StreamName stream, long seq) implements Change {}
    }
}
