package dev.tutti.edge.flow;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The encodings in which streams go over the wire, each made once per event loop. An event's data is written as its bytes are;
 * stream, type and time need no escaping by what they may consist of, so only the key is escaped. An encoding is the key of what
 * it makes: keep it where it is used often. Other protocols than the edge's own have encodings that are
 * made of what stands around an event or a text there.
 */
public final class StreamEncodings {
    /** {@code {"op":"event",…}} in a text frame each: the plain WebSocket. */
    public static final EncodeOnce.Encoding<List<Event>, Encoded> WS_EVENTS = textFrames("{\"op\":\"event\",", "}");

    /** {@code {"op":"position","token":…}} in a text frame. */
    public static final EncodeOnce.Encoding<String, Encoded> WS_POSITION =
            textFrame("{\"op\":\"position\",\"token\":\"", "\"}");

    /** A block each, in an HTTP chunk: server-sent events, whose id is the seq. */
    public static final EncodeOnce.Encoding<List<Event>, Encoded> SSE_EVENTS =
            new EncodeOnce.Encoding<>(events -> sse(events, true));

    /** As {@link #SSE_EVENTS}, without ids: each client of a feed has its own, written before. */
    public static final EncodeOnce.Encoding<List<Event>, Encoded> SSE_FEED_EVENTS =
            new EncodeOnce.Encoding<>(events -> sse(events, false));

    private static final byte[] NOTHING = {};
    private static final byte[] CRLF = {'\r', '\n'};
    private static final int ENVELOPE_BYTES = 320; // enough for nearly every event without its data

    private StreamEncodings() {}

    /**
     * A WebSocket's text frame for each event: {@code head}, the fields of its JSON object as of {@link #writeJson}, and {@code tail}. Head
     * and tail are written as they are.
     */
    public static EncodeOnce.Encoding<List<Event>, Encoded> textFrames(String head, String tail) {
        byte[] before = utf8(head);
        byte[] behind = utf8(tail);
        return new EncodeOnce.Encoding<>(events -> frames(events, before, behind));
    }

    /** The same without frames, with {@code separator} between two events. */
    public static EncodeOnce.Encoding<List<Event>, Encoded> texts(String head, String tail, byte separator) {
        byte[] before = utf8(head);
        byte[] behind = utf8(tail);
        return new EncodeOnce.Encoding<>(events -> texts(events, before, behind, separator));
    }

    /** A WebSocket's text frame: {@code head}, the text, and {@code tail}, all three as they are. */
    public static EncodeOnce.Encoding<String, Encoded> textFrame(String head, String tail) {
        return new EncodeOnce.Encoding<>(
                text -> Encoded.one(Frames.text(PooledByteBufAllocator.DEFAULT, head + text + tail)));
    }

    /** The same without a frame. */
    public static EncodeOnce.Encoding<String, Encoded> text(String head, String tail) {
        return new EncodeOnce.Encoding<>(text -> {
            byte[] whole = utf8(head + text + tail);
            return Encoded.one(
                    PooledByteBufAllocator.DEFAULT.directBuffer(whole.length).writeBytes(whole));
        });
    }

    /** An event as a JSON object: {@code {"stream","seq","type","at","data","key"}}; no key, no property. */
    public static void writeJson(Event event, ByteBuf out) {
        out.writeByte('{')
                .writeBytes(fieldsBeforeData(event))
                .writeBytes(event.data().view())
                .writeBytes(fieldsBehindData(event))
                .writeByte('}');
    }

    /** A gap as the fields of a JSON object, in this order. */
    public static Map<String, Object> fields(ReadResult.Gap gap) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("stream", gap.stream().value());
        fields.put("after", gap.after());
        fields.put("resume", gap.resume());
        fields.put("reason", gap.reason().text());
        return fields;
    }

    private static Encoded frames(List<Event> events, byte[] before, byte[] behind) {
        ByteBuf out = allocate(events);
        int[] starts = new int[events.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = out.writerIndex();
            Event event = events.get(i);
            byte[] fields = fieldsBeforeData(event);
            byte[] more = fieldsBehindData(event);
            int length = before.length + fields.length + event.data().length() + more.length + behind.length;
            Frames.textHeader(out, length);
            out.writeBytes(before)
                    .writeBytes(fields)
                    .writeBytes(event.data().view())
                    .writeBytes(more)
                    .writeBytes(behind);
        }
        return new Encoded(out, starts, 0);
    }

    private static Encoded texts(List<Event> events, byte[] before, byte[] behind, byte separator) {
        ByteBuf out = allocate(events);
        int[] starts = new int[events.size()];
        for (int i = 0; i < starts.length; i++) {
            if (i > 0) {
                out.writeByte(separator);
            }
            starts[i] = out.writerIndex();
            Event event = events.get(i);
            out.writeBytes(before)
                    .writeBytes(fieldsBeforeData(event))
                    .writeBytes(event.data().view())
                    .writeBytes(fieldsBehindData(event))
                    .writeBytes(behind);
        }
        return new Encoded(out, starts, 1);
    }

    private static Encoded sse(List<Event> events, boolean ids) {
        ByteBuf out = allocate(events);
        int[] starts = new int[events.size()];
        for (int i = 0; i < starts.length; i++) {
            starts[i] = out.writerIndex();
            Event event = events.get(i);
            byte[] head = ascii((ids ? "id: " + event.seq() + "\n" : "") + "event: " + event.type() + "\ndata: {");
            byte[] fields = fieldsBeforeData(event);
            byte[] more = fieldsBehindData(event);
            int length = head.length + fields.length + event.data().length() + more.length + 3;
            out.writeBytes(ascii(Integer.toHexString(length)))
                    .writeBytes(CRLF)
                    .writeBytes(head)
                    .writeBytes(fields);
            int data = out.writerIndex();
            out.writeBytes(event.data().view());
            blankLineBreaks(out, data);
            out.writeBytes(more).writeByte('}').writeByte('\n').writeByte('\n').writeBytes(CRLF);
        }
        return new Encoded(out, starts, 0);
    }

    /** A line break in JSON is white space between values, but would end a line of the event stream. */
    private static void blankLineBreaks(ByteBuf out, int from) {
        int at = out.forEachByte(from, out.writerIndex() - from, ByteProcessor.FIND_CRLF);
        while (at >= 0) {
            out.setByte(at, ' ');
            at = out.forEachByte(at, out.writerIndex() - at, ByteProcessor.FIND_CRLF);
        }
    }

    private static byte[] fieldsBeforeData(Event event) {
        return ascii("\"stream\":\"" + event.stream().value() + "\",\"seq\":" + event.seq() + ",\"type\":\""
                + event.type() + "\",\"at\":\"" + event.at() + "\",\"data\":");
    }

    private static byte[] fieldsBehindData(Event event) {
        String key = event.key();
        return key == null ? NOTHING : ascii(",\"key\":" + quoted(key));
    }

    private static String quoted(String printable) {
        return '"' + printable.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static ByteBuf allocate(List<Event> events) {
        int bytes = 0;
        for (Event event : events) {
            bytes += ENVELOPE_BYTES + event.data().length();
        }
        return PooledByteBufAllocator.DEFAULT.directBuffer(bytes);
    }
}
