package dev.tutti.core.feed;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.feed.FeedKey;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The feeds that somebody at this instance is subscribed to, at most {@value #MAX_KEYS}, and the room for what they hold; what
 * does not fit is read again for each new subscriber. Safe for use by many threads.
 */
final class FeedChannels {
    static final int MAX_KEYS = 100_000;

    private final Map<FeedKey, FeedChannel> channels = new ConcurrentHashMap<>();
    private final AtomicLong room;
    private final FeedMetrics metrics;

    FeedChannels(long bytes, FeedMetrics metrics) {
        this.room = new AtomicLong(bytes);
        this.metrics = metrics;
    }

    /** A channel, and a subscription that was just added to it. */
    record Joined(FeedChannel channel, ConflatedSubscription subscription) {}

    /** Adds {@code subscriber} to those of {@code key}. */
    Joined join(FeedKey key, FeedSubscriber subscriber) {
        if (channels.size() >= MAX_KEYS && !channels.containsKey(key)) {
            throw new TuttiException(
                    ErrorCode.OVERLOADED,
                    "subscribers of this instance have " + MAX_KEYS + " feeds, as many as they may",
                    Duration.ofSeconds(1));
        }
        ConflatedSubscription[] added = new ConflatedSubscription[1];
        FeedChannel channel = channels.compute(key, (_, there) -> {
            FeedChannel joined = there == null ? new FeedChannel(key, this) : there;
            added[0] = new ConflatedSubscription(joined, subscriber);
            joined.add(added[0]);
            return joined;
        });
        return new Joined(channel, added[0]);
    }

    /** A subscriber of {@code key} is gone. */
    void leave(FeedKey key) {
        channels.computeIfPresent(key, (_, channel) -> {
            if (!channel.isEmpty()) {
                return channel;
            }
            channel.close();
            return null;
        });
    }

    @Nullable
    FeedChannel find(FeedKey key) {
        return channels.get(key);
    }

    Set<FeedKey> keys() {
        return channels.keySet();
    }

    int size() {
        return channels.size();
    }

    /** Something may have been missed of all of them. */
    void missed() {
        channels.values().forEach(FeedChannel::missed);
    }

    FeedMetrics metrics() {
        return metrics;
    }

    /** Takes room for {@code bytes}, if there is. */
    boolean reserve(int bytes) {
        long left = room.addAndGet(-bytes);
        if (left < 0) {
            room.addAndGet(bytes);
            return false;
        }
        return true;
    }

    void release(int bytes) {
        room.addAndGet(bytes);
    }
}
