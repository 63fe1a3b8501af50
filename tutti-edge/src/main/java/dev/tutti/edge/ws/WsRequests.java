package dev.tutti.edge.ws;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Subscription;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.edge.stream.JsonFields;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.StreamName;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Works on one client's messages, on virtual threads, one at a time and in order. Publishes do not wait for one another's
 * commit, so that they share transactions, but are acknowledged in order; everything else waits for those before.
 */
final class WsRequests {
    private static final int MAX_PUBLISHING = 64;
    private static final int MAX_ID_LENGTH = 128;

    private final WsConnection connection;
    private final StreamGate gate;
    private final Handshake handshake;
    private final JsonCodec json;
    private final Semaphore publishing = new Semaphore(MAX_PUBLISHING);
    private CompletableFuture<@Nullable Void> acknowledged = CompletableFuture.completedFuture(null);
    private @Nullable Principal principal;
    private boolean unchecked; // the handshake's credentials: who could tell was away
    private boolean following;

    WsRequests(WsConnection connection, StreamGate gate, Handshake handshake, JsonCodec json) {
        this.connection = connection;
        this.gate = gate;
        this.handshake = handshake;
        this.json = json;
    }

    Handshake handshake() {
        return handshake;
    }

    /** Tries the cookie or header of the handshake; if they are no good, the client may still send better ones. */
    void authenticateByHandshake() {
        try {
            authenticate(handshake);
        } catch (RuntimeException failure) {
            TuttiException told = WireError.tellable(failure);
            unchecked = told.code() == ErrorCode.UNAVAILABLE;
            connection.send(connection.replies().error(null, told));
        }
    }

    /** Does what {@code message} asks for. */
    void handle(byte[] message) {
        Object id = null;
        try {
            JsonFields fields = JsonFields.read(message, json);
            id = id(fields);
            handle(fields, id);
        } catch (RuntimeException failure) {
            TuttiException told = WireError.tellable(failure);
            acknowledged.join();
            connection.send(connection.replies().error(id, told));
        }
    }

    /** Answers {@code message} with {@code reason}. */
    void refuse(byte[] message, TuttiException reason) {
        Object id = null;
        try {
            id = id(JsonFields.read(message, json));
        } catch (TuttiException unreadable) {
            // refused anyway, without its id then
        }
        acknowledged.join();
        connection.send(connection.replies().error(id, reason));
    }

    private void handle(JsonFields fields, @Nullable Object id) {
        String op = fields.required("op");
        if (op.equals("publish")) {
            publish(fields, id);
            return;
        }
        acknowledged.join();
        switch (op) {
            case "auth" -> auth(fields, id);
            case "subscribe" -> subscribe(fields, id);
            case "unsubscribe" -> connection.unsubscribe(new StreamName(fields.required("stream")), id);
            case "follow" -> follow(fields, id);
            case "ping" -> connection.send(connection.replies().pong(id));
            default -> throw new TuttiException(ErrorCode.BAD_REQUEST, "unknown op");
        }
    }

    private void auth(JsonFields fields, @Nullable Object id) {
        Principal known = authenticate(Handshakes.with(handshake, Map.of("token", fields.required("token"))));
        connection.send(connection
                .replies()
                .ok(id, Map.of("user", known.id(), "expiresAt", known.until().toString())));
    }

    private Principal authenticate(Handshake shown) {
        Principal found = gate.who(shown);
        Principal before = principal;
        if (before != null && !before.id().equals(found.id())) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "a connection cannot change its user");
        }
        principal = found;
        connection.authenticated(found);
        return found;
    }

    private Principal who() {
        Principal known = principal;
        if (known == null && unchecked) {
            return authenticate(handshake);
        }
        if (known == null) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "send auth first");
        }
        return known;
    }

    private void subscribe(JsonFields fields, @Nullable Object id) {
        StreamName stream = gate.readable(who(), fields.required("stream"));
        long after = fields.number("after").orElseGet(() -> gate.streams().head(stream));
        connection.subscribe(
                stream, () -> gate.streams().subscribe(stream, after, new WsSubscriber(connection, stream, null)), id);
    }

    private void follow(JsonFields fields, @Nullable Object id) {
        if (following) {
            throw new TuttiException(ErrorCode.CONFLICT, "the feed is followed already");
        }
        // events may be there before we know that it worked, so the first one brings the good news
        WsSubscriber subscriber =
                new WsSubscriber(connection, null, connection.replies().ok(id, Map.of()));
        Subscription feed =
                gate.streams().follow(gate.feed(who()), fields.text("token").orElse(null), subscriber);
        following = true;
        connection.following(feed);
        subscriber.executor().execute(subscriber::greet);
    }

    private void publish(JsonFields fields, @Nullable Object id) {
        Append append = gate.append(who(), fields.required("stream"), fields);
        publishing.acquireUninterruptibly();
        CompletableFuture<byte[]> reply =
                gate.streams().appendAsync(append).handle((appended, failure) -> reply(id, appended, failure));
        acknowledged = acknowledged.thenCombine(reply, (_, bytes) -> {
            publishing.release();
            connection.send(bytes);
            return null;
        });
    }

    private byte[] reply(@Nullable Object id, @Nullable Appended appended, @Nullable Throwable failure) {
        if (failure != null || appended == null) {
            return connection
                    .replies()
                    .error(id, WireError.tellable(failure == null ? new IllegalStateException() : failure));
        }
        return connection.replies().appended(id, appended);
    }

    private static @Nullable Object id(JsonFields fields) {
        Object id = fields.scalar("id").orElse(null);
        if (id instanceof String text && text.length() > MAX_ID_LENGTH) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "id is longer than " + MAX_ID_LENGTH + " characters");
        }
        return id;
    }
}
