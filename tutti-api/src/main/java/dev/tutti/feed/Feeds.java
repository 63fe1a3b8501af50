package dev.tutti.feed;

import dev.tutti.stream.Json;
import java.sql.Connection;
import java.util.Optional;

/**
 * Feeds: values with a version, of which the latest wins. A subscriber gets the latest version at once, and then each newer one. A slow
 * subscriber gets the latest version when it is ready, and misses the versions in between. For data of which no change may be missed, use
 * streams.
 *
 * <p>A feed is durable, unless its kind is configured as volatile. A durable feed is stored in the database, which decides which version is
 * the newest. A volatile feed is kept in the memory of all instances: the least recently used feeds are dropped when memory is short, and
 * all are lost with the last instance.
 *
 * <p>Safe for use by many threads. Failures are {@link dev.tutti.TuttiException}s, with {@link dev.tutti.ErrorCode#UNAVAILABLE} if the
 * database is not available.
 */
public interface Feeds {
    /**
     * Publishes {@code value} as {@code version} of {@code key} to the subscribers of all instances, if it is newer than the
     * stored version. Blocks until it is stored or found to be stale.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#TOO_LARGE} or {@link
     *     dev.tutti.ErrorCode#BAD_REQUEST} as the constructor of {@link FeedState}; with {@link dev.tutti.ErrorCode#UNAVAILABLE} if
     *     another transaction that has published the feed does not end within a second
     */
    FeedUpdate publish(FeedKey key, long version, Json value);

    /** As above, without a value: subscribers learn the version, and fetch the value from where it is stored. */
    FeedUpdate publish(FeedKey key, long version);

    /**
     * As {@link #publish(FeedKey, long, Json)}, within the caller's transaction that is open on {@code transaction}: the version is stored,
     * and sent to subscribers, when the caller commits. The feed is locked until then, so keep the transaction short.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode; nothing was published then
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#UNSUPPORTED} if the feed is volatile, or feeds are not stored in a
     *     database
     */
    FeedUpdate publish(Connection transaction, FeedKey key, long version, Json value);

    /** The latest version of {@code key}; for a durable feed, as the database has it. Empty if there is none. Blocks. */
    Optional<FeedState> get(FeedKey key);

    /**
     * Calls {@code listener} with the latest version of {@code key} if it is newer than {@code known}, and then with each newer one. If
     * {@code known} is newer than the stored version, the listener gets the stored one. Blocks until the stored version is known.
     *
     * @param known the version that the caller has; 0 for none
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#OVERLOADED} if the subscribers of this instance have too many
     *     different keys
     */
    FeedSubscription subscribe(FeedKey key, long known, FeedListener listener);
}
