package dev.tutti.core.feed;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads from the store what was announced, of feeds that somebody here is subscribed to: many at a time, and of each the latest
 * alone, so that an instance reads no more than it can. One virtual thread; one number waits for each subscribed feed.
 */
final class FeedReader implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(FeedReader.class);
    private static final int BATCH = 1_000;
    private static final Duration AWAY = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private final FeedStore store;
    private final FeedChannels channels;
    private final Predicate<FeedKey> isStored;
    private final Map<FeedKey, Long> announced = new ConcurrentHashMap<>();
    private final Semaphore work = new Semaphore(0);
    private final OutageLog outage = new OutageLog(
            "The store of feeds is away; subscribers are told when it is back",
            "The store of feeds is back; what was published meanwhile has been read");
    private final Loop loop;
    private volatile boolean closed;
    private volatile boolean away; // written by the loop's thread

    /** Reads those from {@code store} that are in there as {@code isStored} says. */
    FeedReader(FeedStore store, FeedChannels channels, Predicate<FeedKey> isStored) {
        this.store = store;
        this.channels = channels;
        this.isStored = isStored;
        this.loop = new Loop(Loop.virtual("tutti-feeds"), AWAY, this::look).start();
    }

    /** Somebody says that {@code key} has {@code version}. Does not block. */
    void announced(FeedKey key, long version) {
        @Nullable FeedChannel channel = channels.find(key);
        if (channel != null && channel.isNews(version)) {
            announced.put(key, version); // the last one, not the largest: anybody can make one up
            work.release();
        }
    }

    /** Whether what was announced could be read when that was tried last. */
    boolean isSound() {
        return !away;
    }

    /** Anything may have changed. Does not block for long. */
    void missed() {
        channels.missed();
        channels.keys().stream().filter(isStored).forEach(key -> announced.merge(key, 0L, Math::max));
        work.release();
    }

    private Duration look() throws InterruptedException {
        work.acquire();
        int _ = work.drainPermits();
        while (!closed && !announced.isEmpty()) {
            Map<FeedKey, Long> batch = next();
            try {
                read(batch);
            } catch (TuttiException failure) {
                putBack(batch);
                away = true;
                note(failure);
                return AWAY;
            } catch (Throwable failure) { // which the loop notes, and takes the next step after a pause
                putBack(batch);
                away = true;
                throw failure;
            }
            away = false;
            outage.succeeded();
        }
        return closed ? Loop.END : Duration.ZERO;
    }

    /** It is announced still. */
    private void putBack(Map<FeedKey, Long> batch) {
        batch.forEach((key, version) -> announced.merge(key, version, (later, _) -> later > 0 ? later : version));
        work.release();
    }

    private void note(TuttiException failure) {
        if (OutageLog.isOutage(failure)) {
            outage.failed(failure);
        } else {
            log.error("The store of feeds cannot be read; it is tried again", failure);
        }
    }

    private Map<FeedKey, Long> next() {
        Map<FeedKey, Long> batch = new HashMap<>();
        Iterator<FeedKey> keys = announced.keySet().iterator();
        while (keys.hasNext() && batch.size() < BATCH) {
            FeedKey key = keys.next();
            @Nullable Long version = announced.remove(key);
            if (version != null) {
                batch.put(key, version);
            }
        }
        return batch;
    }

    private void read(Map<FeedKey, Long> batch) {
        Map<FeedKey, Long> known = new HashMap<>();
        Map<FeedKey, FeedChannel> asked =
                new HashMap<>(); // one that comes meanwhile has not been asked for, and reads by itself
        for (FeedKey key : batch.keySet()) {
            @Nullable FeedChannel channel = channels.find(key);
            if (channel != null) {
                known.put(key, channel.asks());
                asked.put(key, channel);
            }
        }
        try {
            ask(known, asked);
        } finally {
            asked.values().forEach(FeedChannel::unanswered);
        }
        asked.forEach((key, channel) -> {
            long version = batch.getOrDefault(key, 0L);
            if (version > 0) {
                channel.said(version);
            }
        });
    }

    private void ask(Map<FeedKey, Long> known, Map<FeedKey, FeedChannel> asked) {
        long bytes;
        do {
            channels.metrics().read();
            List<FeedState> newer = store.newer(known);
            for (FeedState state : newer) {
                known.put(state.key(), state.version());
                @Nullable FeedChannel channel = asked.get(state.key());
                if (channel != null) {
                    channel.answered(state);
                }
            }
            bytes = newer.stream().mapToLong(FeedState::bytes).sum();
        } while (bytes > FeedStore.MAX_ANSWER); // then there may be more
        asked.values().forEach(FeedChannel::answered);
    }

    /** Ends it, within a second or so. Idempotent. */
    @Override
    public void close() {
        closed = true;
        work.release();
        loop.close(PATIENCE);
    }
}
