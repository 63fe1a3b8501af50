package dev.tutti.core.feed;

import dev.tutti.ErrorCode;
import dev.tutti.ListenerRegistration;
import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.cluster.Peers;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.OncePerMinute;
import dev.tutti.concurrent.Periodic;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedListener;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.feed.FeedSubscription;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.feed.Feeds;
import dev.tutti.feed.TransactionalFeedStore;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.stream.Json;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The feeds of this instance. Durable feeds are in the store, which announces published versions to all instances; each instance reads the
 * versions that its subscribers need. Volatile feeds are sent to all instances over the bus, and an instance that may have missed versions
 * asks the others.
 *
 * <p>Safe for use by many threads. Announcements of the store are handled on its thread, and messages of other instances on the bus's
 * thread.
 */
public final class ClusterFeeds implements Feeds, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ClusterFeeds.class);
    private static final String EVERYBODY = "all";
    private static final Duration PACE = Duration.ofSeconds(1);
    private static final int ASKS = 3; // an answer may come before this instance can hear it
    private static final int MAX_FRAME = 1 << 20;

    private final Optional<FeedStore> store;
    private final FeedSettings settings;
    private final String instance;
    private final JsonReader json;
    private final Peers peers;
    private final FeedMetrics metrics;
    private final FeedChannels channels;
    private final VolatileStates volatiles;
    private final @Nullable FeedReader reader;
    private final ListenerRegistration listening;
    private final Periodic asking;
    private final AtomicInteger asks = new AtomicInteger();
    private final OncePerMinute unreadable = new OncePerMinute();

    /** Converts JSON to {@code type}; throws a {@link TuttiException} if it cannot be converted. */
    public interface JsonReader {
        <T> T read(String json, Class<T> type);
    }

    /**
     * Feeds in {@code store}; without a store, all feeds are volatile. They are shared with the other {@code members}.
     *
     * @param instance the name of this instance
     */
    public ClusterFeeds(
            Optional<FeedStore> store,
            FeedSettings settings,
            String instance,
            Members members,
            Topics.Source bus,
            JsonReader json,
            MeterRegistry meters) {
        this.store = store;
        this.settings = settings;
        this.instance = instance;
        this.json = json;
        this.metrics = new FeedMetrics(meters);
        this.channels = new FeedChannels(settings.memoryBytes(), metrics);
        this.volatiles = new VolatileStates(settings.memoryBytes(), metrics);
        this.reader = store.map(durable -> new FeedReader(durable, channels, key -> !isVolatile(key)))
                .orElse(null);
        this.peers = new Peers(members, bus, "feed", new FeedPeerListener());
        metrics.keys(channels::size);
        peers.start();
        peers.topics().subscribe(EVERYBODY);
        peers.listen(new Rejoining());
        this.listening =
                store.map(durable -> durable.listen(new Announcements())).orElse(() -> {});
        asks.set(ASKS);
        this.asking = new Periodic("tutti-feed-asks", PACE, this::ask);
    }

    private boolean isVolatile(FeedKey key) {
        return store.isEmpty() || settings.volatileKinds().contains(key.kind());
    }

    /** Whether the last attempt to read announced feeds from the store succeeded, or there is no store. */
    public boolean isSound() {
        return reader == null || reader.isSound();
    }

    @Override
    public FeedUpdate publish(FeedKey key, long version, Json value) {
        return publish(new FeedState(key, version, Optional.of(value)));
    }

    @Override
    public FeedUpdate publish(FeedKey key, long version) {
        return publish(new FeedState(key, version, Optional.empty()));
    }

    private FeedUpdate publish(FeedState state) {
        FeedUpdate update =
                isVolatile(state.key()) ? hold(state) : store.orElseThrow().put(state, instance);
        if (update instanceof FeedUpdate.Accepted) {
            @Nullable FeedChannel channel = channels.find(state.key());
            if (isVolatile(state.key())) {
                peers.topics().publish(EVERYBODY, new FeedMessage.States(List.of(state)).frame());
            } else if (channel != null) {
                channel.stored(state);
            }
        }
        metrics.published(update instanceof FeedUpdate.Accepted);
        return update;
    }

    /** Keeps a published state of a volatile feed, and delivers it to subscribers, if it is newer than the one that is kept. */
    private FeedUpdate hold(FeedState state) {
        FeedUpdate update = volatiles.put(state);
        @Nullable FeedChannel channel = channels.find(state.key());
        if (update instanceof FeedUpdate.Accepted && channel != null) {
            channel.held(state);
        }
        return update;
    }

    /**
     * Delivers a state of a volatile feed from a sender that may not be allowed to publish. It never replaces a published state.
     */
    private void said(FeedState state) {
        @Nullable FeedChannel channel = channels.find(state.key());
        if (channel != null && !volatiles.has(state.key())) {
            channel.said(state.version());
        }
    }

    @Override
    public FeedUpdate publish(Connection transaction, FeedKey key, long version, Json value) {
        if (isVolatile(key) || !(store.orElseThrow() instanceof TransactionalFeedStore database)) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED,
                    "feed " + key + " is not kept in a database: there is no transaction to take part in");
        }
        FeedUpdate update = database.put(transaction, new FeedState(key, version, Optional.of(value)), instance);
        metrics.published(update instanceof FeedUpdate.Accepted);
        return update;
    }

    @Override
    public Optional<FeedState> get(FeedKey key) {
        return isVolatile(key) ? volatiles.find(key) : stored(key);
    }

    private Optional<FeedState> stored(FeedKey key) {
        return store.orElseThrow().newer(Map.of(key, 0L)).stream().findFirst();
    }

    @Override
    public FeedSubscription subscribe(FeedKey key, long known, FeedListener listener) {
        ConflatedSubscription subscription = subscribe(key, known, new Listening(listener));
        subscription.begin();
        return subscription;
    }

    /**
     * Subscribes {@code subscriber}, which has the version {@code known}, to {@code key}. It gets nothing before {@link
     * ConflatedSubscription#begin}. Blocks.
     *
     * @throws TuttiException as {@link #subscribe(FeedKey, long, FeedListener)}
     */
    public ConflatedSubscription subscribe(FeedKey key, long known, FeedSubscriber subscriber) {
        FeedChannels.Joined joined = channels.join(key, subscriber);
        FeedChannel channel = joined.channel();
        ConflatedSubscription subscription = joined.subscription();
        try {
            Optional<FeedState> held =
                    isVolatile(key) ? volatiles.find(key) : channel.current(known, () -> stored(key));
            subscription.found(held, channel.saidState(), known);
            return subscription;
        } catch (Throwable failure) {
            subscription.close();
            throw failure;
        }
    }

    /** Asks the other instances for newer volatile feeds, a few times after messages may have been missed. */
    private void ask() {
        if (asks.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            peers.topics().publish(EVERYBODY, new FeedMessage.Ask(peers.self(), volatiles.versions()).frame());
        }
    }

    private void answer(FeedMessage.Ask ask) {
        List<FeedState> part = new ArrayList<>();
        int bytes = 0;
        for (FeedState state : volatiles.newer(ask.known())) {
            part.add(state);
            bytes += state.bytes() + FeedKey.MAX_LENGTH;
            if (bytes > MAX_FRAME) {
                peers.tell(ask.from(), new FeedMessage.States(part).frame());
                part.clear();
                bytes = 0;
            }
        }
        if (!part.isEmpty()) {
            peers.tell(ask.from(), new FeedMessage.States(part).frame());
        }
    }

    /** The listener for messages of other instances. */
    private final class FeedPeerListener implements Topics.Listener {
        @Override
        public void onMessage(String topic, byte[] payload) {
            switch (FeedMessage.read(payload)) {
                case FeedMessage.States(List<FeedState> states) ->
                    states.stream().filter(state -> isVolatile(state.key())).forEach(ClusterFeeds.this::hold);
                case FeedMessage.Ask ask -> answer(ask);
            }
        }

        @Override
        public void onGap() {
            asks.set(ASKS);
        }
    }

    /** The listener for announcements by the store, and by any program that is let into it. */
    private final class Announcements implements FeedStore.Listener {
        @Override
        public void announced(String text) {
            try {
                FeedState announced = json.read(text, Announcement.class).state();
                if (isVolatile(announced.key())) {
                    said(announced);
                } else if (reader != null) {
                    reader.announced(announced.key(), announced.version());
                }
            } catch (TuttiException notOne) {
                metrics.unreadable();
                if (unreadable.now()) {
                    log.warn(
                            "Somebody notifies on app_events, and not of a feed ({}); a notification is JSON with a key and a"
                                    + " version. More of these are counted, and logged once a minute",
                            notOne.getMessage());
                }
            }
        }

        @Override
        public void gap() {
            if (reader != null) {
                reader.missed();
            }
        }
    }

    /** A notification; other fields that it has do not matter here. */
    private record Announcement(
            @Nullable String key, @Nullable Long version) {
        FeedState state() {
            if (key == null || version == null) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "key or version is missing");
            }
            return new FeedState(new FeedKey(key), version, Optional.empty());
        }
    }

    private final class Rejoining implements MembershipListener {
        @Override
        public void rejoined(Member self) {
            asks.set(ASKS);
        }
    }

    /** A listener as a subscriber. */
    private record Listening(FeedListener listener, Executor executor) implements FeedSubscriber {
        Listening(FeedListener listener) {
            this(listener, new SerialExecutor("tutti-feed-listener"));
        }

        @Override
        public boolean ready() {
            return true;
        }

        @Override
        public void onState(EncodeOnce<FeedState> state) {
            listener.changed(state.value());
        }

        @Override
        public void onDefect(Throwable defect) {
            Failures.note("A listener of a feed", defect);
        }
    }

    @Override
    public void close() {
        listening.close();
        asking.close();
        if (reader != null) {
            reader.close();
        }
    }
}
