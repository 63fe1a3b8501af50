package dev.tutti.core.feed;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.cluster.NodeTag;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.stream.Json;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A message between instances about volatile feeds. */
sealed interface FeedMessage {
    /** These are published, or held by the instance that was asked. */
    record States(List<FeedState> states) implements FeedMessage {}

    /** {@code from} has these versions, and asks for what is newer. */
    record Ask(NodeTag from, Map<FeedKey, Long> known) implements FeedMessage {}

    /** The message as bytes. */
    default byte[] frame() {
        FrameWriter out = new FrameWriter();
        switch (this) {
            case States(List<FeedState> states) -> out.kind(0).list(states, FeedMessage::write);
            case Ask(NodeTag from, Map<FeedKey, Long> known) ->
                out.kind(1)
                        .text(from.value())
                        .list(
                                List.copyOf(known.entrySet()),
                                (to, each) -> to.text(each.getKey().value()).number(each.getValue()));
        }
        return out.frame();
    }

    private static void write(FrameWriter out, FeedState state) {
        out.text(state.key().value())
                .number(state.version())
                .bytes(state.value().map(json -> Slice.of(json.toString())).orElse(Slice.EMPTY));
    }

    /**
     * The message that {@code frame} holds.
     *
     * @throws ProtocolException if it holds none
     */
    static FeedMessage read(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        int kind = in.kind();
        return switch (kind) {
            case 0 -> new States(in.list(FeedMessage::state));
            case 1 -> {
                NodeTag from = new NodeTag(in.text());
                Map<FeedKey, Long> known = new HashMap<>();
                in.list(each -> Map.entry(new FeedKey(each.text()), each.number()))
                        .forEach(each -> known.put(each.getKey(), each.getValue()));
                yield new Ask(from, known);
            }
            default -> throw new ProtocolException("expected a message of feeds, got one of kind " + kind);
        };
    }

    private static FeedState state(FrameReader in) {
        FeedKey key = new FeedKey(in.text());
        long version = in.number();
        String value = in.text();
        return new FeedState(key, version, value.isEmpty() ? Optional.empty() : Optional.of(Json.of(value)));
    }
}
