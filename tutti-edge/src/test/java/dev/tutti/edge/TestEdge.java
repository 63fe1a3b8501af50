package dev.tutti.edge;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.InstanceId;
import dev.tutti.core.Tutti;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.feed.FeedRoutes;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.sse.EventStreams;
import dev.tutti.edge.stream.StreamGate;
import dev.tutti.edge.stream.StreamRoutes;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Authenticator;
import dev.tutti.socket.Charge;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.StreamAccess;
import dev.tutti.stream.Append;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.client.Api;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/** A real edge on a free port, over streams in memory. A token is the user's name, {@code name~millis} for a time. */
public final class TestEdge implements AutoCloseable {
    /** Of all tests; what is asked of one edge by it is no matter of the others. */
    public static final Api CLIENT = new Api(Duration.ofMinutes(1));

    private static final Set<String> LATE = ConcurrentHashMap.newKeySet(); // who has been told to come again

    public final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    public final Tutti tutti;
    public final Edge edge;

    /** The streams to which appends were charged, without those that were given back. */
    public final List<StreamName> charged = new CopyOnWriteArrayList<>();

    public TestEdge() {
        this(settings -> settings, builder -> builder);
    }

    public TestEdge(UnaryOperator<EdgeSettings> settings, UnaryOperator<Edge.Builder> more) {
        tutti = Tutti.over(new MemoryStreamStore(
                        new RetentionPolicy(
                                Map.of("feed", new Retention(Duration.ofDays(1), 3)), Retention.of(Duration.ofDays(1))),
                        Clock.systemUTC()))
                .instance(new InstanceId("edge-1"))
                .meters(meters)
                .start();
        Authenticator authenticator = TestEdge::authenticate;
        StreamAccess access = new Access();
        StreamGate gate = new StreamGate(tutti.streams(), authenticator, access);
        edge = more.apply(Edge.of(tutti)
                        .settings(settings.apply(EdgeSettings.DEFAULT))
                        .authenticator(authenticator)
                        .routes(routes -> StreamRoutes.add(routes, gate, tutti.json()))
                        .endpoint(parts -> new PlainWebSocket(parts, access))
                        .endpoint(parts -> EventStreams.ofStream(parts, access))
                        .endpoint(parts -> EventStreams.ofEntitled(parts, access))
                        .routes(routes -> FeedRoutes.add(
                                routes, new FeedGate(tutti.feeds(), authenticator, FeedAccess.byKind()), tutti.json()))
                        .endpoint(parts -> EventStreams.ofKey(parts, FeedAccess.byKind())))
                .start();
    }

    /** One of {@code most} connections, all of which may come from one address. */
    public static TestEdge ofConnections(int most) {
        return new TestEdge(
                settings -> settings.withMaxConnections(most)
                        .withAdmission(AdmissionSettings.DEFAULT.withAddressPercent(100)),
                builder -> builder);
    }

    public int port() {
        return edge.port();
    }

    /** A request for {@code path} with {@code headers}, names and values in turn. */
    public HttpRequest.Builder to(String path, String... headers) {
        return to(edge, path, headers);
    }

    /** The same for an edge of a test's own. */
    public static HttpRequest.Builder to(Edge edge, String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + edge.port() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    /** Sends {@code request}, and waits for the answer, which must come. */
    public static HttpResponse<String> send(HttpRequest.Builder request) {
        try {
            return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException failure) {
            throw new AssertionError(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    public void append(String stream, String type, String data) {
        tutti.streams().append(new Append(new StreamName(stream), type, Json.of(data)));
    }

    /** The sum of all meters called {@code name} whose tags have {@code value}. */
    public double metric(String name, String value) {
        return meters.getMeters().stream()
                .filter(meter -> meter.getId().getName().equals(name)
                        && meter.getId().getTags().stream()
                                .anyMatch(tag -> tag.getValue().equals(value)))
                .mapToDouble(TestEdge::value)
                .sum();
    }

    private static double value(Meter meter) {
        return meter.measure().iterator().next().getValue();
    }

    @Override
    public void close() {
        edge.close();
        tutti.close();
    }

    private static Principal authenticate(Handshake handshake) {
        String token = auth(handshake)
                .or(() -> Optional.ofNullable(handshake.headers().get("authorization"))
                        .filter(header -> header.startsWith("Bearer "))
                        .map(header -> header.substring(7)))
                .or(() -> Optional.ofNullable(handshake.headers().get("cookie"))
                        .filter(cookie -> cookie.startsWith("tutti_access="))
                        .map(cookie -> cookie.substring(13)))
                .filter(known -> !known.equals("bad"))
                .orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "no valid credentials"));
        if (token.startsWith("late-") && LATE.add(token)) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "nobody can tell at the moment");
        }
        int time = token.indexOf('~');
        return time < 0
                ? new Principal(token, "session-" + token, Instant.MAX)
                : new Principal(
                        token.substring(0, time),
                        "session-" + token,
                        Instant.now().plusMillis(Long.parseLong(token.substring(time + 1))));
    }

    private static Optional<String> auth(Handshake handshake) {
        return Optional.ofNullable(handshake.auth().get("token")).map(Object::toString);
    }

    private final class Access implements StreamAccess {
        @Override
        public Charge charge(Principal who, List<Append> appends) {
            appends.forEach(append -> charged.add(append.stream()));
            return free -> free.forEach(append -> charged.remove(append.stream()));
        }

        @Override
        public boolean isPublic(StreamName stream) {
            return stream.value().startsWith("room:public-") || stream.kind().equals(Namespace.STREAM_KIND);
        }

        @Override
        public boolean mayRead(Principal who, StreamName stream) {
            return stream.kind().equals("room")
                    || stream.kind().equals("feed")
                    || stream.value().equals("user:" + who.id());
        }

        @Override
        public boolean mayAppend(Principal who, StreamName stream) {
            return stream.kind().equals("room");
        }

        @Override
        public Optional<Entitlements> entitlements(Principal who) {
            Map<StreamName, Long> streams = new HashMap<>();
            streams.put(new StreamName("user:" + who.id()), 0L);
            streams.put(new StreamName("room:all"), 0L);
            if (who.id().equals("many")) {
                IntStream.range(0, 50).forEach(i -> streams.put(new StreamName("room:many-" + i), 0L));
            }
            return Optional.of(who.id().equals("defect") ? new Defect(streams) : () -> streams);
        }

        /** Of an application that cannot cope with an event. */
        private record Defect(Map<StreamName, Long> streams) implements Entitlements {
            @Override
            public Change change(Event event) {
                throw new IllegalStateException("a defect of the tests");
            }
        }
    }
}
