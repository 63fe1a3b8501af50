package dev.tutti.edge.sse;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.stream.FeedToken;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.WireError;
import dev.tutti.edge.http.Exchange;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Server-sent events (HTML standard, section 9.2): {@code GET /api/streams/:name/events} for one stream, {@code GET
 * /api/feed} for all that one is entitled to. Safe for use by many threads.
 */
public abstract sealed class EventStreams implements Endpoint {
    private final EdgeParts parts;
    private final Set<SseConnection> open = ConcurrentHashMap.newKeySet();

    /** What a client may see. */
    final StreamGate gate;

    private EventStreams(EdgeParts parts, StreamAccess access) {
        this.parts = parts;
        this.gate = new StreamGate(parts.tutti().streams(), parts.authenticator(), access);
    }

    /** One stream; the id of an event is its seq. */
    public static EventStreams ofStream(EdgeParts parts, StreamAccess access) {
        return new OfStream(parts, access);
    }

    /** A feed; the id of an event is a whole resume token. */
    public static EventStreams ofFeed(EdgeParts parts, StreamAccess access) {
        return new OfFeed(parts, access);
    }

    @Override
    public void handle(Exchange exchange) {
        if (!exchange.request().method().name().equals("GET")) {
            exchange.request().response().putHeader(HttpHeaders.ALLOW, "GET");
            throw new TuttiException(ErrorCode.METHOD_NOT_ALLOWED, "an event stream is asked for with GET");
        }
        Handshake handshake = exchange.handshake();
        Connections.Seat permit = parts.connections().admit(Connections.Transport.SSE, handshake.address());
        exchange.atEnd(permit::close);
        Thread.ofVirtual().name("tutti-sse").start(() -> {
            try {
                Principal who = gate.who(handshake);
                if (!permit.moveTo(who.id())) {
                    throw new TuttiException(
                            ErrorCode.LIMIT_REACHED, "this account has its share of this instance's connections");
                }
                SseConnection connection = connect(exchange, who, cursor(handshake));
                exchange.onLoop(() -> begin(connection));
            } catch (Throwable failure) {
                TuttiException told = WireError.tellable(failure);
                exchange.onLoop(() -> exchange.fail(told));
            }
        });
    }

    private void begin(SseConnection connection) {
        open.add(connection);
        connection.atEnd(() -> open.remove(connection));
        if (!Failures.guard("The beginning of an event stream", connection::begin)) {
            connection.abort();
        }
    }

    /** A connection that may be, from where the client says. */
    abstract SseConnection connect(Exchange exchange, Principal who, @Nullable String cursor);

    EdgeParts parts() {
        return parts;
    }

    @Override
    public List<Runnable> farewells() {
        return open.stream()
                .<Runnable>map(connection -> () -> connection.cut(ErrorCode.GOING_AWAY, "this instance is leaving"))
                .toList();
    }

    private static @Nullable String cursor(Handshake handshake) {
        String last = handshake.headers().get("last-event-id");
        return last != null && !last.isEmpty() ? last : handshake.query().get("after");
    }

    private static final class OfStream extends EventStreams {
        private OfStream(EdgeParts parts, StreamAccess access) {
            super(parts, access);
        }

        @Override
        public String path() {
            return "/api/streams/:name/events";
        }

        @Override
        SseConnection connect(Exchange exchange, Principal who, @Nullable String cursor) {
            StreamName stream = gate.readable(who, exchange.segment("name"));
            long after = cursor == null ? gate.streams().head(stream) : seq(cursor);
            return new SseConnection(
                    exchange, parts(), who, null, subscriber -> gate.streams().subscribe(stream, after, subscriber));
        }

        private static long seq(String cursor) {
            if (!cursor.matches("[0-9]{1,18}")) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "the cursor is not an integer of 0 and above");
            }
            return Long.parseLong(cursor);
        }
    }

    private static final class OfFeed extends EventStreams {
        private OfFeed(EdgeParts parts, StreamAccess access) {
            super(parts, access);
        }

        @Override
        public String path() {
            return "/api/feed";
        }

        @Override
        SseConnection connect(Exchange exchange, Principal who, @Nullable String cursor) {
            Entitlements entitlements = gate.feed(who);
            FeedToken token = cursor == null ? null : FeedToken.parse(cursor);
            return new SseConnection(
                    exchange,
                    parts(),
                    who,
                    new FeedToken.Trail(token),
                    subscriber -> gate.streams().follow(entitlements, cursor, subscriber));
        }
    }
}
