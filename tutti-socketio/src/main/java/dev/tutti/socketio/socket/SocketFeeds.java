package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.feed.ClusterFeeds;
import dev.tutti.core.feed.ConflatedSubscription;
import dev.tutti.core.feed.FeedSubscriber;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.socketio.room.LocalSocket;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The feeds that one socket is subscribed to, at most {@value #MOST}. The subscriptions are guarded by its lock; new versions
 * come on the socket's event loop.
 */
final class SocketFeeds implements FeedSubscriber {
    static final int MOST = 1_000;

    private final LocalSocket socket;
    private final SocketNamespace namespace;
    private final ClusterFeeds feeds;
    private final Map<FeedKey, ConflatedSubscription> subscriptions = new HashMap<>(4);
    private boolean closed;

    SocketFeeds(LocalSocket socket, SocketNamespace namespace, ClusterFeeds feeds) {
        this.socket = socket;
        this.namespace = namespace;
        this.feeds = feeds;
    }

    /** Blocks, so it does not hold the lock meanwhile: of two at a time for one key the later one to be ready stays. */
    long subscribe(FeedKey key, long known) {
        ConflatedSubscription fresh = feeds.subscribe(key, known, this);
        if (replace(key, fresh)) {
            fresh.begin();
        }
        return fresh.version();
    }

    private synchronized boolean replace(FeedKey key, ConflatedSubscription fresh) {
        if (closed) {
            fresh.close();
            return false;
        }
        if (subscriptions.size() == MOST && !subscriptions.containsKey(key)) {
            fresh.close();
            throw new TuttiException(ErrorCode.LIMIT_REACHED, "a socket may be subscribed to " + MOST + " feeds");
        }
        unsubscribe(key);
        subscriptions.put(key, fresh);
        return true;
    }

    synchronized void unsubscribe(FeedKey key) {
        @Nullable ConflatedSubscription old = subscriptions.remove(key);
        if (old != null) {
            old.close();
        }
    }

    /** The client can take more again. */
    synchronized void resume() {
        subscriptions.values().forEach(ConflatedSubscription::resume);
    }

    synchronized void close() {
        closed = true;
        subscriptions.values().forEach(ConflatedSubscription::close);
        subscriptions.clear();
    }

    @Override
    public Executor executor() {
        return socket.loop();
    }

    @Override
    public boolean ready() {
        return socket.outbox().ready();
    }

    @Override
    public void onState(EncodeOnce<FeedState> state) {
        socket.outbox().send(state, namespace.feedEncodings(), 0, 1);
    }

    @Override
    public void onDefect(Throwable defect) {
        socket.outbox().failed(defect);
    }
}
