package dev.tutti.edge.ws;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.core.stream.LogReadPermits;
import dev.tutti.core.stream.Subscriber;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Brings the events of one stream, or of all that are followed, to a connection. Confined to its event loop. */
final class WsSubscriber implements Subscriber {
    private final WsConnection connection;
    private final @Nullable StreamName stream;
    private byte @Nullable [] greeting;

    /**
     * A subscriber.
     *
     * @param stream null for all that are followed
     * @param greeting is sent before anything else, or by {@link #greet}
     */
    WsSubscriber(WsConnection connection, @Nullable StreamName stream, byte @Nullable [] greeting) {
        this.connection = connection;
        this.stream = stream;
        this.greeting = greeting;
    }

    /** Tells the client that what it asked for has begun, if it does not know yet. */
    void greet() {
        byte[] due = greeting;
        if (due != null) {
            greeting = null;
            connection.sendHere(due);
        }
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
    public LogReadPermits logReads() {
        return connection.logReads();
    }

    @Override
    public void onEvents(EncodeOnce<List<Event>> events, int from) {
        greet();
        Encoded encoded = events.in(StreamEncodings.WS_EVENTS);
        connection.link().outbox().write(encoded.from(from), encoded.messages() - from);
    }

    @Override
    public void onGap(ReadResult.Gap gap) {
        greet();
        connection.sendHere(connection.replies().gap(gap));
    }

    @Override
    public void onPosition(EncodeOnce<String> position) {
        greet();
        connection
                .link()
                .outbox()
                .write(position.in(StreamEncodings.WS_POSITION).from(0));
    }

    @Override
    public void onFailure(TuttiException failure) {
        if (stream == null) {
            connection.cut(failure.code(), "the followed streams cannot be read: follow again with the token");
            return;
        }
        connection.onLoop(() -> {
            connection.ended(stream);
            connection.sendHere(connection.replies().ended(stream.value(), failure));
        });
    }
}
