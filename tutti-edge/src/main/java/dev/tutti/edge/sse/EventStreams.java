package dev.tutti.edge.sse;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.feed.ConflatedSubscription;
import dev.tutti.core.stream.FollowToken;
import dev.tutti.core.stream.Subscription;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import dev.tutti.edge.http.Handshakes;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (HTML standard, section 9.2): {@code GET /api/streams/:name/events} for one stream, {@code GET /api/feed} for all
 * streams that the client is entitled to, {@code GET /api/feeds/:key/events} for a feed. Safe for use by many threads.
 */
public abstract sealed class EventStreams implements Endpoint {
    private final EdgeParts parts;
    private final Set<SseConnection> open = ConcurrentHashMap.newKeySet();

    private EventStreams(EdgeParts parts) {
        this.parts = parts;
    }

    /** The endpoint for one stream; the id of an event is its seq. */
    public static EventStreams ofStream(EdgeParts parts, StreamAccess access) {
        return new OfStream(parts, access);
    }

    /** The endpoint for all streams that the client is entitled to; the id of an event is a resume token. */
    public static EventStreams ofEntitled(EdgeParts parts, StreamAccess access) {
        return new OfEntitled(parts, access);
    }

    /** The endpoint for a feed; the id of an event is the version. */
    public static EventStreams ofKey(EdgeParts parts, FeedAccess access) {
        return new OfKey(parts, access);
    }

    @Override
    public void handle(Exchange exchange) {
        if (!exchange.request().method().name().equals("GET")) {
            exchange.request().response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new TuttiException(ErrorCode.METHOD_NOT_ALLOWED, "an event stream is asked for with GET");
        }
        Handshake handshake = exchange.handshake();
        Connections.Permit permit;
        try {
            permit = parts.connections()
                    .admit(Connections.Transport.SSE, handshake.address(), Handshakes.hasCredentials(handshake));
        } catch (TuttiException full) {
            SseRefusals.refuse(exchange, parts, full);
            return;
        }
        exchange.atEnd(permit::close);
        Thread.ofVirtual().name("tutti-sse").start(() -> {
            try {
                @Nullable Principal who = reader(exchange, handshake);
                if (who == null) {
                    permit.stay();
                } else if (!permit.moveTo(who.id())) {
                    throw new TuttiException(
                            ErrorCode.LIMIT_REACHED, "this account has its share of this instance's connections");
                }
                SseConnection connection = connect(exchange, who, cursor(handshake));
                exchange.onLoop(() -> begin(connection));
            } catch (Throwable failure) {
                TuttiException told = WireError.tellable(failure);
                exchange.onLoop(() -> SseRefusals.refuse(exchange, parts, told));
            }
        });
    }

    private void begin(SseConnection connection) {
        open.add(connection);
        connection.atEnd(() -> open.remove(connection));
        if (!Failures.guard("The beginning of an event stream", connection::begin)) {
            connection.abort();
        } else if (parts.connections().isLeaving()) {
            farewell(connection); // it may have come too late to be told with the others
        }
    }

    private static void farewell(SseConnection connection) {
        connection.cut(ErrorCode.GOING_AWAY, "this instance is leaving");
    }

    /** The reader behind {@code exchange}; null if that does not matter. */
    abstract @Nullable Principal reader(Exchange exchange, Handshake handshake);

    /** A connection that may be, from where the client says. */
    abstract SseConnection connect(Exchange exchange, @Nullable Principal who, @Nullable String cursor);

    EdgeParts parts() {
        return parts;
    }

    @Override
    public List<Runnable> drainTasks() {
        return open.stream()
                .<Runnable>map(connection -> () -> farewell(connection))
                .toList();
    }

    private static @Nullable String cursor(Handshake handshake) {
        String last = handshake.headers().get("last-event-id");
        return last != null && !last.isEmpty() ? last : handshake.query().get("after");
    }

    private static long number(String cursor) {
        if (!cursor.matches("[0-9]{1,18}")) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the cursor is not an integer of 0 and above");
        }
        return Long.parseLong(cursor);
    }

    private static final class OfStream extends EventStreams {
        private final StreamGate gate;

        private OfStream(EdgeParts parts, StreamAccess access) {
            super(parts);
            this.gate = new StreamGate(parts.tutti().streams(), parts.authenticator(), access);
        }

        @Override
        public String path() {
            return "/api/streams/:name/events";
        }

        @Override
        @Nullable
        Principal reader(Exchange exchange, Handshake handshake) {
            return gate.reader(handshake, name(exchange)).orElse(null);
        }

        @Override
        SseConnection connect(Exchange exchange, @Nullable Principal who, @Nullable String cursor) {
            StreamName stream = name(exchange);
            long after = cursor == null ? gate.streams().head(stream) : number(cursor);
            return new SseConnection(
                    exchange, parts(), who, null, subscriber -> gate.streams().subscribe(stream, after, subscriber));
        }

        private static StreamName name(Exchange exchange) {
            return new StreamName(exchange.segment("name"));
        }
    }

    private static final class OfEntitled extends EventStreams {
        private final StreamGate gate;

        private OfEntitled(EdgeParts parts, StreamAccess access) {
            super(parts);
            this.gate = new StreamGate(parts.tutti().streams(), parts.authenticator(), access);
        }

        @Override
        public String path() {
            return "/api/feed";
        }

        @Override
        Principal reader(Exchange exchange, Handshake handshake) {
            return gate.who(handshake);
        }

        @Override
        SseConnection connect(Exchange exchange, @Nullable Principal who, @Nullable String cursor) {
            Entitlements entitlements = gate.entitlements(Objects.requireNonNull(who, "it is known who this is"));
            FollowToken token = cursor == null ? null : FollowToken.parse(cursor);
            return new SseConnection(
                    exchange,
                    parts(),
                    who,
                    new FollowToken.ResumeTokenBuilder(token),
                    subscriber -> gate.streams().follow(entitlements, cursor, subscriber));
        }
    }

    private static final class OfKey extends EventStreams {
        private final FeedGate gate;

        private OfKey(EdgeParts parts, FeedAccess access) {
            super(parts);
            this.gate = new FeedGate(parts.tutti().feeds(), parts.authenticator(), access);
        }

        @Override
        public String path() {
            return "/api/feeds/:key/events";
        }

        @Override
        @Nullable
        Principal reader(Exchange exchange, Handshake handshake) {
            return gate.reader(handshake, key(exchange)).orElse(null);
        }

        @Override
        SseConnection connect(Exchange exchange, @Nullable Principal who, @Nullable String cursor) {
            FeedKey key = key(exchange);
            long known = cursor == null ? 0 : number(cursor);
            return new SseConnection(exchange, parts(), who, null, subscriber -> {
                ConflatedSubscription begun = gate.feeds().subscribe(key, known, subscriber);
                begun.begin();
                return new Latest(begun);
            });
        }

        private static FeedKey key(Exchange exchange) {
            return new FeedKey(exchange.segment("key"));
        }
    }

    /** A subscription to a feed. */
    private record Latest(ConflatedSubscription subscription) implements Subscription {
        @Override
        public void resume() {
            subscription.resume();
        }

        @Override
        public void close() {
            subscription.close();
        }
    }
}
