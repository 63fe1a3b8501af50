package dev.tutti.socketio;

import dev.tutti.edge.cluster.FrameReader;
import dev.tutti.edge.cluster.FrameWriter;
import dev.tutti.edge.cluster.Tag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.ClusterMessage.Answer;
import dev.tutti.socketio.ClusterMessage.Broadcast;
import dev.tutti.socketio.ClusterMessage.Call;
import dev.tutti.socketio.ClusterMessage.Disconnect;
import dev.tutti.socketio.ClusterMessage.Fetch;
import dev.tutti.socketio.ClusterMessage.Hello;
import dev.tutti.socketio.ClusterMessage.Join;
import dev.tutti.socketio.ClusterMessage.Leave;
import dev.tutti.socketio.ClusterMessage.ServerCall;
import dev.tutti.socketio.ClusterMessage.ServerEvent;
import java.time.Duration;

/** {@link ClusterMessage}s as bytes. What is read refers to the bytes it was read from. Pure. */
final class ClusterFrames {
    private ClusterFrames() {}

    /** {@code message} as bytes. */
    static byte[] frame(ClusterMessage message) {
        FrameWriter out = new FrameWriter();
        switch (message) {
            case Broadcast(Selection who, boolean mayDrop, var packets) -> {
                who.write(out.kind(1));
                out.flag(mayDrop).list(packets, ClusterFrames::write);
            }
            case Join(Selection who, String room) -> {
                who.write(out.kind(2));
                out.text(room);
            }
            case Leave(Selection who, String room) -> {
                who.write(out.kind(3));
                out.text(room);
            }
            case Disconnect(Selection who) -> who.write(out.kind(4));
            case Call(Tag from, long number, Duration timeout, Selection who, Body body) -> {
                who.write(out.kind(5).text(from.value()).number(number).number(timeout.toNanos()));
                body.write(out);
            }
            case Fetch(Tag from, long number, Selection who) ->
                who.write(out.kind(6).text(from.value()).number(number));
            case ServerCall(Tag from, long number, String namespace, Body body) ->
                body.write(out.kind(7).text(from.value()).number(number).text(namespace));
            case ServerEvent(String namespace, Body body) ->
                body.write(out.kind(8).text(namespace));
            case Answer(Tag from, long number, boolean complete, var bodies) ->
                out.kind(9)
                        .text(from.value())
                        .number(number)
                        .flag(complete)
                        .list(bodies, (target, body) -> body.write(target));
            case Hello(Tag from, boolean asks) ->
                out.kind(10).text(from.value()).flag(asks);
        }
        return out.frame();
    }

    /**
     * The message in {@code frame}.
     *
     * @throws ProtocolException if there is none
     */
    static ClusterMessage read(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        int kind = in.kind();
        return switch (kind) {
            case 1 -> new Broadcast(Selection.read(in), in.flag(), in.list(ClusterFrames::packet));
            case 2 -> new Join(Selection.read(in), in.text());
            case 3 -> new Leave(Selection.read(in), in.text());
            case 4 -> new Disconnect(Selection.read(in));
            case 5 -> new Call(tag(in), in.number(), Duration.ofNanos(in.number()), Selection.read(in), Body.read(in));
            case 6 -> new Fetch(tag(in), in.number(), Selection.read(in));
            case 7 -> new ServerCall(tag(in), in.number(), in.text(), Body.read(in));
            case 8 -> new ServerEvent(in.text(), Body.read(in));
            case 9 -> new Answer(tag(in), in.number(), in.flag(), in.list(Body::read));
            case 10 -> new Hello(tag(in), in.flag());
            default -> throw new ProtocolException("expected a message of kind 1 to 10, got kind " + kind);
        };
    }

    private static void write(FrameWriter out, EnginePacket packet) {
        switch (packet) {
            case EnginePacket.Message(Slice text) -> out.flag(false).bytes(text);
            case EnginePacket.Binary(Slice data) -> out.flag(true).bytes(data);
            default -> throw new IllegalArgumentException("only messages are sent to many, not " + packet);
        }
    }

    private static EnginePacket packet(FrameReader in) {
        return in.flag() ? new EnginePacket.Binary(in.bytes()) : new EnginePacket.Message(in.bytes());
    }

    private static Tag tag(FrameReader in) {
        return new Tag(in.text());
    }
}
