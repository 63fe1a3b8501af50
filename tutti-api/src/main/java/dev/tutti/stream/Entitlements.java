package dev.tutti.stream;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The streams of a follow subscription: one subscription that delivers everything to which a client is entitled. A feature implements this.
 *
 * <p>Events in the streams that a client already sees change its entitlement, so the change has a place in their order. For example, a
 * personal inbox has an event for each joined conversation, and a conversation has one for each member who leaves. Such an event is only a
 * reason to look up the entitlement, because a client may have skipped other events. The subscription calls {@link #streams} at its
 * beginning, with each {@link Change}, and after each gap.
 */
public interface Entitlements {
    /**
     * The present streams, at most 10,000. The value of each is a seq: the client may read the events after it. Called on virtual
     * threads; may block.
     */
    Map<StreamName, Long> streams();

    /** The streams of {@code among} that are in {@link #streams} now. Called on virtual threads; may block. */
    default Map<StreamName, Long> streams(Collection<StreamName> among) {
        Map<StreamName, Long> some = new HashMap<>(streams());
        some.keySet().retainAll(among);
        return some;
    }

    /**
     * The events by which streams were added, as far as they are known. A client that resumes from before such an event has seen nothing
     * of the stream. So it begins at the seq of {@link #streams}, not at the head that the stream had when the client left. Called when a
     * client resumes, after {@link #streams}, on virtual threads; may block.
     */
    default Map<StreamName, Addition> additions() {
        return Map.of();
    }

    /**
     * The effect of {@code event}, which the client is about to see. Called for every event, on the client's event loop: it must be quick
     * and must not block.
     */
    default Change change(Event event) {
        return new Change.None();
    }

    /**
     * The events of {@code page} as the client sees them: the same events in the same order, but some may have other data. The page was
     * read from the log of one stream. If this instance has missed events, it reads the page once for all such subscriptions, and calls
     * this for one of them. If that one shows the page unchanged, all of them get it unchanged. Called on virtual threads; may block.
     */
    default List<Event> shown(List<Event> page) {
        return page;
    }

    /** The event that added a stream: the other stream of the subscription that contains the event, and its seq there. */
    record Addition(StreamName stream, long seq) {}

    /** The effect of an event on a follow subscription. */
    sealed interface Change {
        /** No effect, the usual case. */
        record None() implements Change {}

        /** {@code stream} may belong to the subscription from now on. */
        record Add(StreamName stream) implements Change {}

        /** The client sees nothing of {@code stream} after {@code seq}, unless the stream is added to the subscription again. */
        record Leave(StreamName stream, long seq) implements Change {}
    }
}
