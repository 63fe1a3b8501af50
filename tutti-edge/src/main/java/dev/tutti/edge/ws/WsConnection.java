package dev.tutti.edge.ws;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.core.stream.LogReadPermits;
import dev.tutti.core.stream.Subscription;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.InboundLimit;
import dev.tutti.edge.flow.LiveConnection;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.edge.flow.WebSocketLink;
import dev.tutti.edge.flow.WebSocketListener;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One client of {@code /ws}: its subscriptions, its time, and the way of its messages to {@link WsRequests}, which works on
 * them on virtual threads. Everything here is confined to the event loop unless it says otherwise.
 */
final class WsConnection implements WebSocketListener, WsRequests.Client {
    private static final int MAX_SUBSCRIPTIONS = 1_000;
    private static final int MAX_OF_GUESTS = 10;
    private static final int MAX_WAITING = 32;

    private static final int PARSED_WHEN_REFUSED = 4096;
    private static final Duration PATIENCE = Duration.ofSeconds(10); // with the event loop

    private final WebSocketLink link;
    private final Connections.Permit permit;
    private final String holder;
    private final EdgeParts parts;
    private final StreamGate gate;
    private final Replies replies;
    private final WsRequests requests;
    private final Executor worker;
    private final AtomicInteger waiting = new AtomicInteger();
    private final Map<StreamName, Subscription> subscriptions = new HashMap<>();
    private final WsFeeds feeds;
    private final LogReadPermits logReads = new LogReadPermits();
    private final TokenBucket messages;
    private final Handle pings;
    private final ConnectionExpiry expiry;
    private @Nullable Subscription following;
    private @Nullable LiveConnection session;
    private boolean full;
    private boolean closed;

    WsConnection(
            WebSocketLink link,
            Handshake handshake,
            Connections.Permit permit,
            EdgeParts parts,
            StreamGate gate,
            FeedGate feedGate) {
        this.link = link;
        this.permit = permit;
        this.holder = NetworkAddress.holder(handshake.address());
        this.parts = parts;
        this.gate = gate;
        this.replies = new Replies(parts.tutti().json());
        this.requests =
                new WsRequests(this, gate, feedGate, handshake, parts.tutti().json());
        this.feeds = new WsFeeds(this, feedGate.feeds());
        this.worker = parts.workers().apply("tutti-ws");
        this.messages =
                new TokenBucket(parts.settings().messageRate(), parts.ticker().getAsLong());
        this.pings = parts.heartbeats().add(link.channel().eventLoop(), link::ping);
        this.expiry = new ConnectionExpiry(
                link.channel().eventLoop(), parts.clock(), told -> cut(told.code(), String.valueOf(told.getMessage())));
    }

    void begin() {
        link.text(replies.hello(
                parts.tutti().instance().value(),
                HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong()),
                parts.settings().times().ping().toMillis()));
        awaitLogin();
        if (Handshakes.hasCredentials(requests.handshake())) {
            link.pause(); // before it is known who this is, little may come
            work(
                    () -> {
                        try {
                            requests.authenticateByHandshake();
                        } finally {
                            onLoop(this::handshakeJudged);
                        }
                    },
                    0);
        }
    }

    /** Reads on; a client that has a permit of the reserve has shown by now who it is, or leaves it to others. */
    private void handshakeJudged() {
        if (permit.isReserved()) {
            TuttiException full = parts.connections().full();
            cut(full.code(), String.valueOf(full.getMessage()));
        }
        link.resume();
    }

    WebSocketLink link() {
        return link;
    }

    LogReadPermits logReads() {
        return logReads;
    }

    Replies replies() {
        return replies;
    }

    @Override
    public void onText(ByteBuf utf8) {
        long now = parts.ticker().getAsLong();
        if (!messages.take(now)) {
            Duration pause = messages.pause(now);
            TuttiException tooMany = new TuttiException(
                    ErrorCode.RATE_LIMITED,
                    "more messages than " + parts.settings().messageRate(),
                    pause);
            parts.flow().metrics().refused(ErrorCode.RATE_LIMITED);
            link.pause(pause);
            // its beginning is parsed for its id alone
            int shown = Math.min(utf8.readableBytes(), PARSED_WHEN_REFUSED);
            byte[] beginning = ByteBufUtil.getBytes(utf8, utf8.readerIndex(), shown);
            work(() -> requests.refuse(beginning, tooMany), beginning.length);
            return;
        }
        byte[] message = ByteBufUtil.getBytes(utf8);
        work(() -> requests.handle(message), message.length);
    }

    @Override
    public void onBinary(ByteBuf bytes) {
        link.close(ErrorCode.UNSUPPORTED, "only text messages are understood here");
    }

    /** Does {@code task}, which stands for {@code bytes} of input, behind those before it. */
    private void work(Runnable task, int bytes) {
        @Nullable Handle held = parts.flow().hold(holder, bytes);
        if (held == null) {
            cut(ErrorCode.OVERLOADED, "too much is being worked on at a time");
            return;
        }
        if (waiting.incrementAndGet() >= MAX_WAITING && !full) {
            full = true;
            link.pause();
        }
        try {
            worker.execute(() -> {
                try {
                    task.run();
                } finally {
                    done(held);
                }
            });
        } catch (Throwable notTaken) {
            done(held);
            throw notTaken;
        }
    }

    private void done(Handle held) {
        held.close();
        if (waiting.decrementAndGet() == MAX_WAITING / 2) {
            onLoop(this::readOn);
        }
    }

    private void readOn() {
        if (full && waiting.get() <= MAX_WAITING / 2) {
            full = false;
            link.resume();
        }
    }

    /** Sends a message, unless the connection has ended. Safe from any thread. */
    @Override
    public void send(Supplier<byte[]> utf8) {
        onLoop(() -> sendHere(utf8.get()));
    }

    void sendHere(byte[] utf8) {
        if (!closed) {
            link.text(utf8);
        }
    }

    /** The client has shown who it is, maybe again. Safe from any thread. */
    @Override
    public void authenticated(Principal principal) {
        onLoop(() -> {
            if (closed) {
                return;
            }
            if (!permit.moveTo(principal.id())) {
                cut(ErrorCode.LIMIT_REACHED, "this account has its share of this instance's connections");
                return;
            }
            InboundLimit.known(link.channel());
            LiveConnection before = session;
            session = parts.sessions().addOfUser(principal, code -> cut(code, "the session has ended"));
            if (before != null) {
                before.renewed();
            }
            expiry.set(
                    principal.until(),
                    () -> new TuttiException(ErrorCode.TOKEN_EXPIRED, "the access token has run out"));
        });
    }

    /** Says why, and closes. Safe from any thread. */
    @Override
    public void cut(ErrorCode code, String reason) {
        onLoop(() -> {
            try {
                sendHere(replies.error(null, new TuttiException(code, reason)));
            } finally {
                link.close(code, reason);
            }
        });
    }

    private void awaitLogin() {
        expiry.set(parts.clock().instant().plus(parts.settings().times().authentication()), requests::lateness);
    }

    /**
     * Why there may be no more subscriptions to {@code what}, of which there are {@code held}; null if there may be. Streams and feeds
     * have bounds of their own after a login, and a small one together before it.
     */
    @Nullable
    TuttiException refusalOf(String what, int held) {
        boolean guest = session == null;
        int most = guest ? MAX_OF_GUESTS : MAX_SUBSCRIPTIONS;
        if ((guest ? subscriptions.size() + feeds.count() : held) >= most) {
            String which = guest ? " may be before auth" : " to " + what + " may be";
            return new TuttiException(ErrorCode.LIMIT_REACHED, "at most " + most + " subscriptions" + which);
        }
        try {
            if (guest) {
                permit.stay();
            }
            return null;
        } catch (TuttiException full) {
            return full;
        }
    }

    /** It has subscribed to something, or to less: a client that has not logged in may stay for as long as it reads what is public. */
    void reads() {
        if (session == null && subscriptions.isEmpty() && feeds.count() == 0) {
            awaitLogin();
        } else if (session == null) {
            InboundLimit.guest(link.channel());
            expiry.set(Instant.MAX, requests::lateness);
        }
    }

    /** Notes a subscription, unless there are too many; the answer is told before its events. Safe from any thread. */
    @Override
    public void subscribe(StreamName stream, long after, @Nullable Object id) {
        onLoop(() -> {
            if (closed) {
                return;
            }
            if (subscriptions.containsKey(stream)) {
                sendHere(replies.error(
                        id, new TuttiException(ErrorCode.CONFLICT, stream + " is subscribed to already")));
                return;
            }
            TuttiException refused = refusalOf("streams", subscriptions.size());
            if (refused != null) {
                sendHere(replies.error(id, refused));
                return;
            }
            sendHere(replies.ok(id, Map.of()));
            subscriptions.put(stream, gate.streams().subscribe(stream, after, new WsSubscriber(this, stream, null)));
            reads();
        });
    }

    /** Ends a subscription. Safe from any thread. */
    @Override
    public void unsubscribe(StreamName stream, @Nullable Object id) {
        onLoop(() -> {
            ended(stream);
            sendHere(replies.ok(id, Map.of()));
        });
    }

    /** Subscribes to a feed, and tells its version before itself. Safe from any thread; blocks. */
    @Override
    public void subscribe(FeedKey key, long known, @Nullable Object id) {
        feeds.subscribe(key, known, id);
    }

    /** Ends that. Safe from any thread. */
    @Override
    public void unsubscribe(FeedKey key, @Nullable Object id) {
        onLoop(() -> feeds.unsubscribe(key, id));
    }

    /** Notes the follow subscription, or closes it if the connection is gone. Blocks. */
    @Override
    public void follow(Entitlements entitlements, @Nullable String token, @Nullable Object id) {
        // events may be there before we know that it worked, so the first one brings the good news
        WsSubscriber subscriber = new WsSubscriber(this, null, replies.ok(id, Map.of()));
        Subscription begun = gate.streams().follow(entitlements, token, subscriber);
        onLoop(() -> {
            if (closed) {
                begun.close();
            } else {
                following = begun;
                begun.resume(); // the client may have taken more before this was known
            }
        });
        onLoop(subscriber::greet);
    }

    @Override
    public WsRequests.Subscribed subscribed() {
        CompletableFuture<WsRequests.Subscribed> told = new CompletableFuture<>();
        onLoop(() -> told.complete(new WsRequests.Subscribed(Set.copyOf(subscriptions.keySet()), feeds.keys())));
        return told.orTimeout(PATIENCE.toMillis(), TimeUnit.MILLISECONDS).join();
    }

    void ended(StreamName stream) {
        Subscription ended = subscriptions.remove(stream);
        if (ended != null) {
            ended.close();
            reads();
        }
    }

    @Override
    public void onDrained() {
        List.copyOf(subscriptions.values()).forEach(Subscription::resume);
        if (following != null) {
            following.resume();
        }
        feeds.resume();
    }

    @Override
    public void onClosed(DisconnectReason reason) {
        closed = true;
        pings.close();
        expiry.clear();
        if (session != null) {
            session.close();
        }
        subscriptions.values().forEach(Subscription::close);
        subscriptions.clear();
        feeds.close();
        if (following != null) {
            following.close();
        }
    }

    /** Does {@code task} on the event loop; if it throws, the client would wait in vain, and is told to come again. */
    void onLoop(Runnable task) {
        EventLoops.now(link.channel().eventLoop(), () -> {
            if (!Failures.guard("The task of a connection", task)) {
                link.close(ErrorCode.INTERNAL, "internal error");
            }
        });
    }
}
