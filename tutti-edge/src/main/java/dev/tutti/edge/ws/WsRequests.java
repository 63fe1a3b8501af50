package dev.tutti.edge.ws;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.edge.stream.JsonFields;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Works on one client's messages, on virtual threads, one at a time and in order. Publishes do not wait for one another's
 * commit, so that they share transactions, but are acknowledged in order; everything else waits for those before.
 */
final class WsRequests {
    private static final int MAX_PUBLISHING = 64;
    private static final int MAX_ID_LENGTH = 128;

    /** The client whose messages these are. Safe from any thread. */
    interface Client {
        /** Sends a message. */
        default void send(byte[] utf8) {
            send(() -> utf8);
        }

        /** Sends a message, which is encoded on the client's event loop. */
        void send(Supplier<byte[]> utf8);

        /** It has shown who it is. */
        void authenticated(Principal principal);

        /** Tells it why, and closes its connection. */
        void cut(ErrorCode code, String reason);

        /** Subscribes it, and answers message {@code id}. */
        void subscribe(StreamName stream, long after, @Nullable Object id);

        /** Ends a subscription, and answers message {@code id}. */
        void unsubscribe(StreamName stream, @Nullable Object id);

        /** Brings it all that it is entitled to, and answers message {@code id}. Blocks. */
        void follow(Entitlements entitlements, @Nullable String token, @Nullable Object id);

        /** Subscribes it to a feed of which it has version {@code known}, and answers message {@code id}. Blocks. */
        void subscribe(FeedKey key, long known, @Nullable Object id);

        /** Ends that, and answers message {@code id}. */
        void unsubscribe(FeedKey key, @Nullable Object id);

        /** The subscriptions of the client, with all that were asked for before. Blocks. */
        Subscribed subscribed();
    }

    /** The subscriptions of a client. */
    record Subscribed(Set<StreamName> streams, Set<FeedKey> feeds) {
        Subscribed {
            streams = Set.copyOf(streams);
            feeds = Set.copyOf(feeds);
        }
    }

    private final Client client;
    private final StreamGate gate;
    private final FeedGate feeds;
    private final Handshake handshake;
    private final JsonCodec json;
    private final Replies replies;
    private final Publishing publishing = new Publishing(MAX_PUBLISHING);
    private @Nullable Principal principal;
    private volatile @Nullable TuttiException passing; // why the credentials could not be checked, when last shown
    private boolean following;

    WsRequests(Client client, StreamGate gate, FeedGate feeds, Handshake handshake, JsonCodec json) {
        this.client = client;
        this.gate = gate;
        this.feeds = feeds;
        this.handshake = handshake;
        this.json = json;
        this.replies = new Replies(json);
    }

    Handshake handshake() {
        return handshake;
    }

    /** Tries the cookie or header of the handshake; if they are no good, the client may still send better ones. */
    void authenticateByHandshake() {
        try {
            authenticate(handshake);
        } catch (RuntimeException failure) {
            client.send(replies.error(null, WireError.tellable(failure)));
        }
    }

    /** Why it is not authenticated when it should be: a client that could not be checked is to come again. */
    TuttiException lateness() {
        TuttiException away = passing;
        return away != null ? away : new TuttiException(ErrorCode.UNAUTHENTICATED, "no credentials came in time");
    }

    /** Does what {@code message} asks for. */
    void handle(byte[] message) {
        Object id = null;
        try {
            JsonFields fields = JsonFields.read(message, json);
            id = id(fields);
            handle(fields, id);
        } catch (Throwable failure) { // whatever it is, the client waits for an answer
            TuttiException told = WireError.tellable(failure);
            publishing.awaitAll();
            client.send(replies.error(id, told));
        }
    }

    /** Answers the message that begins with {@code beginning} with {@code reason}, and with its id if that is there. */
    void refuse(byte[] beginning, TuttiException reason) {
        Object id = JsonFields.early(beginning, "id", json)
                .filter(shown -> !(shown instanceof String text) || text.length() <= MAX_ID_LENGTH)
                .orElse(null);
        publishing.awaitAll();
        client.send(replies.error(id, reason));
    }

    private void handle(JsonFields fields, @Nullable Object id) {
        String op = fields.required("op");
        if (op.equals("publish")) {
            publish(fields, id);
            return;
        }
        publishing.awaitAll();
        switch (op) {
            case "auth" -> auth(fields, id);
            case "subscribe" -> subscribe(fields, id);
            case "unsubscribe" -> client.unsubscribe(new StreamName(fields.required("stream")), id);
            case "feed.subscribe" ->
                client.subscribe(
                        readableFeed(fields.required("key")),
                        fields.number("version").orElse(0L),
                        id);
            case "feed.unsubscribe" -> client.unsubscribe(new FeedKey(fields.required("key")), id);
            case "follow" -> follow(fields, id);
            case "ping" -> client.send(replies.pong(id));
            default -> throw new TuttiException(ErrorCode.BAD_REQUEST, "unknown op");
        }
    }

    private void auth(JsonFields fields, @Nullable Object id) {
        Principal known = authenticate(Handshakes.with(handshake, Map.of("token", fields.required("token"))));
        client.send(replies.ok(
                id, Map.of("user", known.id(), "expiresAt", known.until().toString())));
    }

    private Principal authenticate(Handshake shown) {
        Principal found;
        try {
            found = gate.who(shown);
            passing = null;
        } catch (TuttiException refused) {
            passing = refused.code().retry() == ErrorCode.Retry.NEVER ? null : refused;
            throw refused;
        }
        Principal before = principal;
        if (before != null && !before.id().equals(found.id())) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "a connection cannot change its user");
        }
        boolean less = before != null && allowsLess(found, before);
        principal = found;
        client.authenticated(found);
        if (less) {
            client.cut(ErrorCode.GOING_AWAY, "this token allows less than the one before it: connect with it again");
        }
        return found;
    }

    /**
     * Whether something goes on by what {@code before} allowed that {@code renewed} does not allow. Each subscription is judged again
     * where their rights differ; a follow subscription was put together by the rights before, and cannot be.
     *
     * @throws TuttiException if that cannot be said at the moment: the token before it holds then, for as long as it is good
     */
    private boolean allowsLess(Principal renewed, Principal before) {
        if (renewed.hasSameRights(before)) {
            return false;
        }
        Subscribed now = client.subscribed();
        return following
                || !now.streams().stream().allMatch(stream -> gate.mayRead(renewed, stream))
                || !now.feeds().stream().allMatch(key -> feeds.mayRead(renewed, key));
    }

    private Principal who() {
        Principal known = principal;
        if (known != null) {
            return known;
        }
        TuttiException away = passing;
        if (away == null) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "send auth first");
        }
        if (Handshakes.hasCredentials(handshake)) {
            return authenticate(handshake);
        }
        throw away;
    }

    /** A client that has shown nothing, or nothing good: one whose credentials could not be checked shall come as who it is. */
    private boolean isGuest() {
        return principal == null && passing == null;
    }

    /** The stream of that name, if it is public or the client may read it after a login; a stranger is told nothing of others. */
    private StreamName readable(String name) {
        if (isGuest()) {
            StreamName stream = new StreamName(name);
            if (gate.isPublic(stream)) {
                return stream;
            }
        }
        return gate.readable(who(), name);
    }

    private FeedKey readableFeed(String name) {
        if (isGuest()) {
            FeedKey key = new FeedKey(name);
            if (feeds.isPublic(key)) {
                return key;
            }
        }
        return feeds.readable(who(), name);
    }

    private void subscribe(JsonFields fields, @Nullable Object id) {
        StreamName stream = readable(fields.required("stream"));
        long after = fields.number("after").orElseGet(() -> gate.streams().head(stream));
        client.subscribe(stream, after, id);
    }

    private void follow(JsonFields fields, @Nullable Object id) {
        if (following) {
            throw new TuttiException(ErrorCode.CONFLICT, "the connection has a follow subscription already");
        }
        client.follow(gate.entitlements(who()), fields.text("token").orElse(null), id);
        following = true;
    }

    private void publish(JsonFields fields, @Nullable Object id) {
        publishing.awaitRoom();
        publishing.add(
                gate.append(who(), fields.required("stream"), fields),
                (appended, failure) -> answer(id, appended, failure));
    }

    /** On the thread that writes appends, which has up to a thousand of them to answer before it writes the next. */
    private void answer(@Nullable Object id, @Nullable Appended appended, @Nullable Throwable failure) {
        if (appended != null) {
            client.send(() -> replies.appended(id, appended));
        } else {
            TuttiException told = WireError.tellable(failure == null ? new IllegalStateException() : failure);
            client.send(() -> replies.error(id, told));
        }
    }

    private static @Nullable Object id(JsonFields fields) {
        Object id = fields.scalar("id").orElse(null);
        if (id instanceof String text && text.length() > MAX_ID_LENGTH) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "id is longer than " + MAX_ID_LENGTH + " characters");
        }
        return id;
    }
}
