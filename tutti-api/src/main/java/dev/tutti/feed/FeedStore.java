package dev.tutti.feed;

import dev.tutti.ListenerRegistration;
import java.util.List;
import java.util.Map;

/**
 * Keeps the latest version of each durable feed, for all instances, and tells them what is published. Safe for use by many
 * threads; blocks, but for {@link #listen}.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}; what was asked may have been
 * done then, and can be asked again.
 */
public interface FeedStore {
    /** How many bytes of values {@link #newer} answers at a time, and one value more. */
    int MAX_ANSWER = 4 * 1024 * 1024;

    /** Hears what is published. Must not block. */
    interface Listener {
        /**
         * Somebody says that a feed has a version, as JSON text {@code {"key", "version", "instanceId"}}: an instance of this
         * cluster, or any program that can. A hint that may be wrong, repeated, or no such text at all.
         */
        void announced(String text);

        /** Something may have been missed up to now, also between {@link #listen} and this. */
        void gap();
    }

    /**
     * Makes {@code state} the latest one if it is newer than what is held, and tells all listeners, also those of other
     * instances.
     *
     * @param instance who says so
     */
    FeedUpdate put(FeedState state, String instance);

    /**
     * Of the feeds in {@code known} those that are newer than the version there, which is 0 or more; at most so many that {@link
     * #MAX_ANSWER} is kept, but one at least. Feeds that do not fit are found by asking again with what is known then.
     */
    List<FeedState> newer(Map<FeedKey, Long> known);

    /** Tells {@code listener} of this instance from some milliseconds later on, until that is closed. */
    ListenerRegistration listen(Listener listener);
}
