package dev.tutti.socketio.cluster;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.cluster.ClusterMessage.Answer;
import dev.tutti.socketio.cluster.ClusterMessage.Broadcast;
import dev.tutti.socketio.cluster.ClusterMessage.Call;
import dev.tutti.socketio.cluster.ClusterMessage.Disconnect;
import dev.tutti.socketio.cluster.ClusterMessage.DisconnectFormer;
import dev.tutti.socketio.cluster.ClusterMessage.Fetch;
import dev.tutti.socketio.cluster.ClusterMessage.Hello;
import dev.tutti.socketio.cluster.ClusterMessage.Join;
import dev.tutti.socketio.cluster.ClusterMessage.Leave;
import dev.tutti.socketio.cluster.ClusterMessage.ServerCall;
import dev.tutti.socketio.cluster.ClusterMessage.ServerEvent;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import java.time.Duration;

/** {@link ClusterMessage}s as bytes. A message that is read refers to the bytes it was read from. Pure. */
final class ClusterFrames {
    private ClusterFrames() {}

    /** {@code message} as bytes. */
    static byte[] frame(ClusterMessage message) {
        FrameWriter out = new FrameWriter();
        switch (message) {
            case Broadcast(Target who, boolean mayDrop, var packets) -> {
                who.write(out.kind(1));
                out.flag(mayDrop).list(packets, ClusterFrames::write);
            }
            case Join(Target who, String room) -> {
                who.write(out.kind(2));
                out.text(room);
            }
            case Leave(Target who, String room) -> {
                who.write(out.kind(3));
                out.text(room);
            }
            case Disconnect(Target who) -> who.write(out.kind(4));
            case Call(NodeTag from, long number, Duration timeout, Target who, Body body) -> {
                who.write(out.kind(5).text(from.value()).number(number).number(timeout.toNanos()));
                body.write(out);
            }
            case Fetch(NodeTag from, long number, Target who) ->
                who.write(out.kind(6).text(from.value()).number(number));
            case ServerCall(NodeTag from, long number, String namespace, Body body) ->
                body.write(out.kind(7).text(from.value()).number(number).text(namespace));
            case ServerEvent(String namespace, Body body) ->
                body.write(out.kind(8).text(namespace));
            case Answer(NodeTag from, long number, boolean complete, var bodies) ->
                out.kind(9)
                        .text(from.value())
                        .number(number)
                        .flag(complete)
                        .list(bodies, (target, body) -> body.write(target));
            case Hello(NodeTag from, boolean asks) ->
                out.kind(10).text(from.value()).flag(asks);
            case DisconnectFormer(Target who, long claim) -> {
                who.write(out.kind(11));
                out.number(claim);
            }
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
            case 1 -> new Broadcast(Target.read(in), in.flag(), in.list(ClusterFrames::packet));
            case 2 -> new Join(Target.read(in), in.text());
            case 3 -> new Leave(Target.read(in), in.text());
            case 4 -> new Disconnect(Target.read(in));
            case 5 -> new Call(tag(in), in.number(), Duration.ofNanos(in.number()), Target.read(in), Body.read(in));
            case 6 -> new Fetch(tag(in), in.number(), Target.read(in));
            case 7 -> new ServerCall(tag(in), in.number(), in.text(), Body.read(in));
            case 8 -> new ServerEvent(in.text(), Body.read(in));
            case 9 -> new Answer(tag(in), in.number(), in.flag(), in.list(Body::read));
            case 10 -> new Hello(tag(in), in.flag());
            case 11 -> new DisconnectFormer(Target.read(in), in.number());
            default -> throw new ProtocolException("expected a message of kind 1 to 11, got kind " + kind);
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

    private static NodeTag tag(FrameReader in) {
        return new NodeTag(in.text());
    }
}
