package dev.tutti.bench.subject;

import dev.tutti.bench.load.Stamp;
import dev.tutti.core.Tutti;
import dev.tutti.core.feed.FeedSettings;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.feed.FeedKey;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.socketio.SocketIoSettings;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import dev.tutti.testkit.access.OpenAccess;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** A real edge, where messages are sent to one {@link Destination}. For one sending thread. */
final class MeasuredEdge implements MeasuredServer {
    private static final String ROOM = "bench";
    private static final StreamName STREAM = StreamName.of("room", ROOM);
    private static final FeedKey DURABLE = new FeedKey("feed:" + ROOM);
    private static final FeedKey VOLATILE = new FeedKey("volatile:" + ROOM);
    private static final String EVENT = "m";
    private static final TokenBucket.Rate UNLIMITED = new TokenBucket.Rate(1_000_000, 1_000_000);
    private static final int ENVELOPE = "42[\"m\",\"\"]".length();

    private final Tutti tutti;
    private final Edge edge;
    private final Emitter room;
    private final Destination destination;
    private final int textLength;
    private final Optional<SqlPublisher> sql;
    private long version;

    /**
     * On any free port; messages are as long as a Socket.IO frame of {@code size} bytes holds. {@code database} is that of the
     * instance, if it has one.
     */
    MeasuredEdge(Tutti.Builder instance, Optional<PostgresAddress> database, Destination destination, int size) {
        this.destination = destination;
        this.textLength = size - ENVELOPE;
        tutti = instance.feeds(new FeedSettings(Set.of(VOLATILE.kind()), FeedSettings.DEFAULT.memoryBytes()))
                .start();
        SocketIoServer io = new SocketIoServer(SocketIoSettings.DEFAULT, tutti);
        Namespace namespace = io.namespace("/").onConnection(MeasuredEdge::greet);
        room = namespace.to(ROOM);
        edge = Edge.of(tutti)
                .settings(EdgeSettings.DEFAULT
                        .withMaxConnections(20_000)
                        .withMessageRate(UNLIMITED)
                        .withAdmission(EdgeSettings.DEFAULT.admission().withAddressPercent(100)))
                .authenticator(_ -> new Principal("bench", "bench", Instant.MAX))
                .endpoint(io)
                .endpoint(parts -> new PlainWebSocket(parts, new OpenAccess()))
                .start();
        sql = database.filter(_ -> destination == Destination.STREAM_BY_SQL)
                .map(address -> new SqlPublisher(address, STREAM.toString(), EVENT));
    }

    private static void greet(Socket socket) {
        socket.on("room", message -> {
            socket.join(ROOM);
            message.reply();
        });
        socket.on("stream", message -> {
            socket.subscribe(STREAM, 0);
            message.reply();
        });
    }

    @Override
    public int port() {
        return edge.port();
    }

    @Override
    public void send() {
        String text = Stamp.text(System.nanoTime(), textLength);
        switch (destination) {
            case ROOM -> room.emit(EVENT, text);
            case STREAM -> tutti.streams().append(new Append(STREAM, EVENT, Json.of('"' + text + '"')));
            case STREAM_BY_SQL -> sql.orElseThrow().publish(text);
            case FEED -> publish(DURABLE, text);
            case VOLATILE_FEED -> publish(VOLATILE, text);
        }
    }

    private void publish(FeedKey feed, String text) {
        tutti.feeds().publish(feed, ++version, Json.of('"' + text + '"'));
    }

    @Override
    public void close() {
        sql.ifPresent(SqlPublisher::close);
        edge.close();
        tutti.close();
    }
}
