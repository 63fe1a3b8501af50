package dev.tutti.feed;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.Map;

/**
 * Stores the latest version of each durable feed, for all instances, and announces published versions to them. Safe for use by many
 * threads; blocks, except {@link #listen}.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}. The request may have been executed then,
 * and can be repeated.
 */
public interface FeedStore {
    /** The bytes of values after which {@link #newer} returns no further value; one value may exceed this bound. */
    int MAX_ANSWER = 4 * 1024 * 1024;

    /** Receives announcements of published versions. Must not block. */
    interface Listener {
        /**
         * An announcement that a feed has a version, as JSON text {@code {"key", "version", "instanceId"}}. It comes from an instance of
         * this cluster, or from any program that can send it. It is a hint, which may be wrong, repeated, or any other text.
         */
        void announced(String text);

        /** Announcements may have been missed up to now, also between {@link #listen} and this call. */
        void gap();
    }

    /**
     * Stores {@code state} if it is newer than the stored version, and tells all listeners, also at other instances.
     *
     * @param instance the name of the publishing instance
     */
    FeedUpdate put(FeedState state, String instance);

    /**
     * The stored states of those feeds in {@code known} whose stored version is newer than the version there, which is 0 or more. The
     * result is bounded by {@link #MAX_ANSWER}, but has at least one state if there is any. To get the feeds that do not fit, call again
     * with the versions that are known then.
     */
    List<FeedState> newer(Map<FeedKey, Long> known);

    /** Adds a listener of this instance. It takes effect within some milliseconds, until the returned registration is closed. */
    ListenerRegistration listen(Listener listener);
}
