package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.Tutti;
import dev.tutti.core.stream.LogReadPermits;
import dev.tutti.core.stream.Streams;
import dev.tutti.core.stream.Subscriber;
import dev.tutti.core.stream.Subscription;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streams that one socket is subscribed to, at most {@value #MOST}, and its follow subscription. The subscriptions are guarded by its lock;
 * events come on the socket's event loop.
 */
final class SocketStreams implements Subscriber {
    static final int MOST = 1_000;

    private static final Logger log = LoggerFactory.getLogger(SocketStreams.class);

    private final LocalSocket socket;
    private final SocketNamespace namespace;
    private final Function<ReadResult.Gap, List<EnginePacket>> gapForm;
    private final Streams streams;
    private final Map<StreamName, Subscription> subscriptions = new HashMap<>(4);
    private final LogReadPermits logReads = new LogReadPermits();
    private @Nullable Subscription following;
    private final SocketFeeds feeds;
    private boolean closed;

    /** Those of {@code socket}, which is in {@code namespace}; {@code gapForm} says what the client cannot get any more. */
    SocketStreams(
            LocalSocket socket,
            SocketNamespace namespace,
            Tutti tutti,
            Function<ReadResult.Gap, List<EnginePacket>> gapForm) {
        this.socket = socket;
        this.namespace = namespace;
        this.streams = tutti.streams();
        this.feeds = new SocketFeeds(socket, namespace, tutti.feeds());
        this.gapForm = gapForm;
    }

    /** The feeds that it is subscribed to. */
    SocketFeeds feeds() {
        return feeds;
    }

    synchronized void subscribe(StreamName stream, long after) {
        if (closed) {
            return;
        }
        if (subscriptions.size() == MOST && !subscriptions.containsKey(stream)) {
            throw new TuttiException(ErrorCode.LIMIT_REACHED, "a socket may follow " + MOST + " streams");
        }
        unsubscribe(stream);
        subscriptions.put(stream, streams.subscribe(stream, after, this));
    }

    synchronized void unsubscribe(StreamName stream) {
        @Nullable Subscription old = subscriptions.remove(stream);
        if (old != null) {
            old.close();
        }
    }

    /** Blocks, so it does not hold the lock meanwhile: of two at a time the later one to be ready stays. */
    void follow(Entitlements entitlements, @Nullable String token) {
        replaceFeed(null);
        replaceFeed(streams.follow(entitlements, token, this));
    }

    private synchronized void replaceFeed(@Nullable Subscription fresh) {
        if (following != null) {
            following.close();
        }
        following = fresh;
        if (fresh != null && closed) {
            fresh.close();
        } else if (fresh != null) {
            fresh.resume(); // the client may have taken more before this was known
        }
    }

    /** The client can take more again. */
    synchronized void resume() {
        feeds.resume();
        subscriptions.values().forEach(Subscription::resume);
        if (following != null) {
            following.resume();
        }
    }

    synchronized void close() {
        closed = true;
        feeds.close();
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        replaceFeed(null);
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
    public LogReadPermits logReads() {
        return logReads;
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        socket.outbox()
                .send(events, namespace.eventEncodings(), from, events.value().size() - from);
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        // at once, as what is given next lies behind the gap
        try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(gapForm.apply(gap))) {
            socket.outbox().deliver(encoded);
        }
    }

    @Override
    public void onPosition(EncodeOnce<String> position) {
        socket.outbox().send(position, namespace.positionEncodings(), 0, 1);
    }

    @Override
    public void onFailure(TuttiException failure) {
        log.warn("A client is disconnected, to come again and resume, because its stream failed", failure);
        socket.outbox().fail(failure.code(), "a stream could not be read");
    }
}
