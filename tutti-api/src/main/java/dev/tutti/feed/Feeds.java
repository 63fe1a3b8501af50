package dev.tutti.feed;

import dev.tutti.stream.Json;
import java.sql.Connection;
import java.util.Optional;

/**
 * Feeds: values with a version, of which the latest wins. A subscriber is told the latest one at once, then each newer
 * one; a subscriber that is slow is told the latest one when it is ready, and never learns of those between. For the history of
 * something there are streams.
 *
 * <p>A feed is durable unless its kind is set to be volatile. A durable one is in the database, which decides what is newest. A
 * volatile one is in the memory of all instances, so much as has room, and gone with the last of them.
 *
 * <p>Safe for use by many threads. Failures are {@link dev.tutti.TuttiException}s, with {@link
 * dev.tutti.ErrorCode#UNAVAILABLE} if the database is away.
 */
public interface Feeds {
    /**
     * Publishes {@code value} as {@code version} of {@code key}, to the subscribers of all instances, if it is newer than what is
     * held. Blocks until that is settled.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#TOO_LARGE} or {@link
     *     dev.tutti.ErrorCode#BAD_REQUEST} as of {@link FeedState}, with {@link dev.tutti.ErrorCode#UNAVAILABLE} if a
     *     transaction that has published the feed is open for a second more
     */
    FeedUpdate publish(FeedKey key, long version, Json value);

    /** As above, the version alone: of something whose value is kept elsewhere, and asked for there by those who hear of it. */
    FeedUpdate publish(FeedKey key, long version);

    /**
     * As {@link #publish(FeedKey, long, Json)}, within the transaction that is open on {@code transaction}: it is held, and told
     * to subscribers, when the caller commits. The feed stays locked until then, so the transaction should be short.
     *
     * @throws IllegalArgumentException if {@code transaction} commits by itself; nothing was published then
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNSUPPORTED} if the feed is volatile, or is not kept in a
     *     database
     */
    FeedUpdate publish(Connection transaction, FeedKey key, long version, Json value);

    /** How {@code key} is now: of a durable feed, what the database says. Empty if nothing is held. Blocks. */
    Optional<FeedState> get(FeedKey key);

    /**
     * Tells {@code listener} how {@code key} is, if that is newer than {@code known}, and again whenever it has changed. A {@code
     * known} that is newer than what is held is not believed: then what is held is told. Blocks until it is known how the feed is.
     *
     * @param known the version that the caller has; 0 for none
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#OVERLOADED} if subscribers of this instance have as many
     *     keys as they may
     */
    FeedSubscription subscribe(FeedKey key, long known, FeedListener listener);
}
