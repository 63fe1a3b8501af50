package dev.tutti.socketio.room;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.engineio.EngineSession;
import dev.tutti.socketio.engineio.TransportEncodings;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/**
 * The way out to one socket for messages that it shares with others of its event loop. Belongs to that loop, but for methods that
 * say otherwise.
 */
public final class SocketOutbox {
    private final EngineSession session;
    private final BooleanSupplier connected;
    private final FlowMetrics metrics;
    private volatile boolean waiting; // until the client is told what it missed, which nothing may overtake
    private long offset; // the last that the client was told

    /** The outbox of a socket whose client has {@code session}; nothing is sent unless it is {@code connected}. */
    public SocketOutbox(EngineSession session, BooleanSupplier connected, FlowMetrics metrics) {
        this.session = session;
        this.connected = connected;
        this.metrics = metrics;
    }

    /** Nothing is sent before the client was told what it missed. Before the socket is in; safe from any thread. */
    public void hold() {
        waiting = true;
    }

    /** The client has been told what it missed. */
    public void open() {
        waiting = false;
    }

    /** Whether the client can take more at once. */
    public boolean ready() {
        return isOpen() && session.ready();
    }

    /** Whether what is sent now goes out: it is connected, and its client has been told what it missed. */
    public boolean isOpen() {
        return connected.getAsBoolean() && !waiting;
    }

    /** Sends {@code value} in its encoding. */
    public <T> void send(EncodeOnce<T> value, TransportEncodings<T> encodings, int from, int messages) {
        if (isOpen()) {
            session.send(value, encodings, from, messages);
        }
    }

    /** Sends one message. */
    public void deliver(EncodeOnce<List<EnginePacket>> packets) {
        send(packets, TransportEncodings.PACKETS, 0, 1);
    }

    /** Sends one message if the client can take it now. */
    public void offer(EncodeOnce<List<EnginePacket>> packets) {
        if (ready()) {
            deliver(packets);
        } else {
            metrics.droppedNotReady(1);
        }
    }

    /** Sends message {@code seq} of a recoverable namespace. */
    public void deliver(EncodeOnce<List<EnginePacket>> packets, long seq) {
        deliver(packets);
        offset = seq;
    }

    /** Sends the offset {@code seq} if the client was told none for {@code much}. */
    public void remind(EncodeOnce<List<EnginePacket>> packets, long seq, long much) {
        if (seq - offset >= much) {
            deliver(packets, seq);
        }
    }

    /** Sends one message; from any thread. */
    public void deliverLater(List<EnginePacket> packets) {
        later(packets, this::deliver);
    }

    /** Sends one message if the client can take it then; from any thread. */
    public void offerLater(List<EnginePacket> packets) {
        later(packets, this::offer);
    }

    private void later(List<EnginePacket> packets, Consumer<EncodeOnce<List<EnginePacket>>> by) {
        later(() -> {
            try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(packets)) {
                by.accept(encoded);
            }
        });
    }

    /** Gives something by {@code step}, from any thread; what that throws is this socket's failure, and nobody else's. */
    public void later(Runnable step) {
        EventLoops.later(session.loop(), () -> {
            try {
                step.run();
            } catch (Throwable defect) {
                failed(defect);
            }
        });
    }

    /**
     * Something could not be given, because of {@code defect}: the client comes back and asks for it. At once, as it would
     * take what waits on the loop for all up to then.
     */
    public void failed(Throwable defect) {
        Failures.note("Giving a message to a client, which is disconnected to come back,", defect);
        breakOff(ErrorCode.INTERNAL, "a message could not be delivered");
    }

    /** Breaks the connection off because of an error, so that the client comes back; from any thread. */
    public void fail(ErrorCode code, String message) {
        EventLoops.later(session.loop(), () -> breakOff(code, message));
    }

    /** Breaks the connection off because of an error, so that the client comes back as who it was. */
    private void breakOff(ErrorCode code, String message) {
        session.close(DisconnectReason.TRANSPORT_CLOSED, code, message);
    }
}
