package dev.tutti.socketio.engineio;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A message between two instances about a polling client's request that came to one of them and is for a session of the other,
 * the owner. Pure.
 */
sealed interface ForwardMessage {
    /** To the owner; {@code number} is the sender's, and its answers bear it. */
    sealed interface ToOwner extends ForwardMessage {
        /** The instance that has the client's connection. */
        NodeTag from();

        long number();
    }

    /** From the owner, about request {@code number} of the receiver. */
    sealed interface ForwardReply extends ForwardMessage {
        long number();
    }

    /** A GET; {@code id} is null if its sender is older, and will not say whether it has written the answer. */
    record Poll(
            NodeTag from, long number, String sid, @Nullable String id) implements ToOwner {}

    /** A POST, with its body. */
    record Post(NodeTag from, long number, String sid, Slice body, String id) implements ToOwner {}

    /** A POST whose body could not be read: what it should have brought is lost. */
    record Lost(NodeTag from, long number, String sid, boolean tooLarge) implements ToOwner {}

    /** Whether a POST with a large body may be read; it is not sent before the owner said how large it may be. */
    record Ask(NodeTag from, long number, String sid) implements ToOwner {}

    /** The answer to a GET has been written to the client's connection. */
    record Written(NodeTag from, long number) implements ToOwner {}

    /** The client has gone, without an answer. */
    record Gone(NodeTag from, long number) implements ToOwner {}

    /** Answer at once, because the sender is leaving. */
    record AnswerNow(NodeTag from, long number) implements ToOwner {}

    /** {@link EngineRequest#payload}; {@code confirm} if the owner has to hear that it was written. */
    record Payload(long number, List<Slice> parts, boolean confirm) implements ForwardReply {}

    /** {@link EngineRequest#ok}. */
    record ForwardTaken(long number) implements ForwardReply {}

    /** To {@link Ask}: the body may have so many bytes. */
    record Allowed(long number, long bytes) implements ForwardReply {}

    /** {@link EngineRequest#refuse}. */
    record Refused(long number, Refusal refusal) implements ForwardReply {}

    /** This as bytes. */
    default byte[] frame() {
        FrameWriter out = new FrameWriter();
        switch (this) {
            case Poll(NodeTag from, long number, String sid, String id) ->
                withId(head(out, 1, from, number).text(sid), id);
            case Post(NodeTag from, long number, String sid, Slice body, String id) ->
                head(out, 2, from, number).text(sid).bytes(body).text(id);
            case Lost(NodeTag from, long number, String sid, boolean tooLarge) ->
                head(out, 3, from, number).text(sid).flag(tooLarge);
            case Gone(NodeTag from, long number) -> head(out, 4, from, number);
            case AnswerNow(NodeTag from, long number) -> head(out, 5, from, number);
            case Payload(long number, List<Slice> parts, boolean confirm) ->
                out.kind(6).number(number).list(parts, FrameWriter::bytes).flag(confirm);
            case ForwardTaken(long number) -> out.kind(7).number(number);
            case Refused(long number, Refusal refusal) ->
                out.kind(8).number(number).kind(refusal.number());
            case Written(NodeTag from, long number) -> head(out, 9, from, number);
            case Ask(NodeTag from, long number, String sid) ->
                head(out, 10, from, number).text(sid);
            case Allowed(long number, long bytes) -> out.kind(11).number(number).number(bytes);
        }
        return out.frame();
    }

    private static FrameWriter withId(FrameWriter out, @Nullable String id) {
        return id == null ? out : out.text(id);
    }

    private static FrameWriter head(FrameWriter out, int kind, NodeTag from, long number) {
        return out.kind(kind).text(from.value()).number(number);
    }

    /**
     * The message in {@code frame}; what an older instance did not write yet is empty.
     *
     * @throws ProtocolException if there is none
     */
    static ForwardMessage read(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        int kind = in.kind();
        return switch (kind) {
            case 1 -> new Poll(tag(in), in.number(), in.text(), in.hasMore() ? in.text() : null);
            case 2 -> new Post(tag(in), in.number(), in.text(), in.bytes(), in.hasMore() ? in.text() : "");
            case 3 -> new Lost(tag(in), in.number(), in.text(), in.flag());
            case 4 -> new Gone(tag(in), in.number());
            case 5 -> new AnswerNow(tag(in), in.number());
            case 6 -> new Payload(in.number(), in.list(FrameReader::bytes), in.hasMore() && in.flag());
            case 7 -> new ForwardTaken(in.number());
            case 8 -> new Refused(in.number(), Refusal.of(in.kind()));
            case 9 -> new Written(tag(in), in.number());
            case 10 -> new Ask(tag(in), in.number(), in.text());
            case 11 -> new Allowed(in.number(), in.number());
            default -> throw new ProtocolException("expected a message of kind 1 to 11, got kind " + kind);
        };
    }

    private static NodeTag tag(FrameReader in) {
        return new NodeTag(in.text());
    }
}
