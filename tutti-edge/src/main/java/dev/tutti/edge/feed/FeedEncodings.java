package dev.tutti.edge.feed;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.edge.flow.Frames;
import dev.tutti.feed.FeedState;
import dev.tutti.stream.Json;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * The forms in which feeds go over the wire: {@code {"key","version","value"}}. A value is written as its bytes are, {@code null}
 * if the version alone is told. Keys need no escaping by what they may consist of.
 */
public final class FeedEncodings {
    /** As a text frame of the plain WebSocket, with its op. */
    public static final EncodeOnce.Encoding<FeedState, Encoded> WS = textFrame("{\"op\":\"feed\",", "}");

    private static final byte[] NULL = {'n', 'u', 'l', 'l'};

    private FeedEncodings() {}

    /** A WebSocket's text frame: {@code head}, the fields of the JSON object, and {@code tail}. Head and tail are written as they are. */
    public static EncodeOnce.Encoding<FeedState, Encoded> textFrame(String head, String tail) {
        return new EncodeOnce.Encoding<>(state -> frame(json(head, state, tail)));
    }

    /** The same without a frame. */
    public static EncodeOnce.Encoding<FeedState, Encoded> text(String head, String tail) {
        return new EncodeOnce.Encoding<>(state -> {
            byte[] text = json(head, state, tail);
            return Encoded.one(
                    PooledByteBufAllocator.DEFAULT.directBuffer(text.length).writeBytes(text));
        });
    }

    /** As JSON in one line. */
    public static byte[] line(FeedState state) {
        byte[] json = json("{", state, "}");
        for (int i = 0; i < json.length; i++) {
            if (json[i] == '\r' || json[i] == '\n') {
                json[i] = ' '; // white space between values, which would end a line of an event stream
            }
        }
        return json;
    }

    private static Encoded frame(byte[] text) {
        ByteBuf frame = PooledByteBufAllocator.DEFAULT.directBuffer(text.length + Frames.MAX_HEADER_BYTES);
        Frames.textHeader(frame, text.length);
        return Encoded.one(frame.writeBytes(text));
    }

    private static byte[] json(String head, FeedState state, String tail) {
        byte[] before = (head + "\"key\":\"" + state.key() + "\",\"version\":" + state.version() + ",\"value\":")
                .getBytes(StandardCharsets.UTF_8);
        Optional<Json> value = state.value();
        byte[] content = value.map(Json::bytes).orElse(NULL);
        byte[] behind = tail.getBytes(StandardCharsets.UTF_8);
        byte[] json = new byte[before.length + content.length + behind.length];
        System.arraycopy(before, 0, json, 0, before.length);
        System.arraycopy(content, 0, json, before.length, content.length);
        System.arraycopy(behind, 0, json, before.length + content.length, behind.length);
        return json;
    }
}
