package dev.tutti.edge.ws;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.feed.ClusterFeeds;
import dev.tutti.core.feed.ConflatedSubscription;
import dev.tutti.core.feed.FeedSubscriber;
import dev.tutti.edge.feed.FeedEncodings;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The feeds that one connection is subscribed to, as many as it has room for. Confined to its event loop, but for {@link #subscribe}. */
final class WsFeeds implements FeedSubscriber {
    private final WsConnection connection;
    private final ClusterFeeds feeds;
    private final Map<FeedKey, ConflatedSubscription> subscriptions = new HashMap<>(4);
    private boolean closed;

    WsFeeds(WsConnection connection, ClusterFeeds feeds) {
        this.connection = connection;
        this.feeds = feeds;
    }

    /** Subscribes, and answers message {@code id} with the version that is held, before the feed itself. From any thread; blocks. */
    void subscribe(FeedKey key, long known, @Nullable Object id) {
        ConflatedSubscription fresh = feeds.subscribe(key, known, this);
        connection.onLoop(() -> add(key, fresh, id));
    }

    int count() {
        return subscriptions.size();
    }

    Set<FeedKey> keys() {
        return Set.copyOf(subscriptions.keySet());
    }

    private void add(FeedKey key, ConflatedSubscription fresh, @Nullable Object id) {
        TuttiException full = connection.refusalOf("feeds", subscriptions.size());
        if (closed) {
            fresh.close();
        } else if (subscriptions.containsKey(key)) {
            refuse(fresh, id, new TuttiException(ErrorCode.CONFLICT, "feed " + key + " is subscribed to already"));
        } else if (full != null) {
            refuse(fresh, id, full);
        } else {
            subscriptions.put(key, fresh);
            connection.sendHere(connection.replies().ok(id, Map.of("version", fresh.version())));
            connection.reads();
            fresh.begin();
        }
    }

    private void refuse(ConflatedSubscription fresh, @Nullable Object id, TuttiException why) {
        fresh.close();
        connection.sendHere(connection.replies().error(id, why));
    }

    void unsubscribe(FeedKey key, @Nullable Object id) {
        @Nullable ConflatedSubscription ended = subscriptions.remove(key);
        if (ended != null) {
            ended.close();
            connection.reads();
        }
        connection.sendHere(connection.replies().ok(id, Map.of()));
    }

    void resume() {
        List.copyOf(subscriptions.values()).forEach(ConflatedSubscription::resume);
    }

    void close() {
        closed = true;
        subscriptions.values().forEach(ConflatedSubscription::close);
        subscriptions.clear();
    }

    @Override
    public Executor executor() {
        return connection.link().channel().eventLoop();
    }

    @Override
    public boolean ready() {
        return connection.link().outbox().ready();
    }

    @Override
    public void onState(EncodeOnce<FeedState> state) {
        if (!closed) {
            connection.link().outbox().write(state.in(FeedEncodings.WS).from(0));
        }
    }

    @Override
    public void onDefect(Throwable defect) {
        Failures.note("Giving a feed's value to a client, which is disconnected to come back,", defect);
        connection.cut(ErrorCode.INTERNAL, "a feed's value could not be delivered");
    }
}
