package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class StreamEncodingsTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final List<Event> EVENTS = List.of(
            new Event(new StreamName("room:1"), 7, "note", Json.of("{\"ü\":\r\n1}"), "a\"\\b", AT),
            new Event(new StreamName("room:1"), 8, "note", Json.of("null"), null, AT));
    private static final String FIRST =
            "{\"stream\":\"room:1\",\"seq\":7,\"type\":\"note\",\"at\":\"2026-11-21T10:00:00.123Z\",\"data\":{\"ü\":\r\n1},\"key\":\"a\\\"\\\\b\"}";
    private static final String SECOND =
            "{\"stream\":\"room:1\",\"seq\":8,\"type\":\"note\",\"at\":\"2026-11-21T10:00:00.123Z\",\"data\":null}";

    private static String text(ByteBuf buffer) {
        try {
            return buffer.toString(StandardCharsets.UTF_8);
        } finally {
            buffer.release();
        }
    }

    private static String payload(ByteBuf frame) {
        int header = (frame.getByte(frame.readerIndex() + 1) & 0x7F) == 126 ? 4 : 2;
        return text(frame.skipBytes(header));
    }

    @Test
    void aRunIsEncodedOnceAndServedFromAnywhere() {
        try (EncodeOnce<List<Event>> encoded = new EncodeOnce<>(EVENTS)) {
            Encoded run = encoded.in(StreamEncodings.WS_EVENTS);
            assertThat(encoded.in(StreamEncodings.WS_EVENTS)).isSameAs(run);
            assertThat(run.messages()).isEqualTo(2);
            assertThat(payload(run.single(0))).isEqualTo("{\"op\":\"event\"," + FIRST.substring(1));
            assertThat(payload(run.from(1))).isEqualTo("{\"op\":\"event\"," + SECOND.substring(1));
            ByteBuf all = run.from(0);
            assertThat(all.readableBytes()).isEqualTo(both(run.single(0)) + both(run.single(1)));
            all.release();
        }
    }

    private static int both(ByteBuf buffer) {
        int bytes = buffer.readableBytes();
        buffer.release();
        return bytes;
    }

    @Test
    void whatIsWrittenOutlivesTheEncodedValueAndNothingLeaks() {
        EncodeOnce<List<Event>> encoded = new EncodeOnce<>(EVENTS);
        ByteBuf written = encoded.in(StreamEncodings.WS_EVENTS).from(1);
        encoded.close();
        assertThat(written.refCnt()).isPositive();
        ByteBuf whole = written.unwrap();
        assertThat(payload(written)).contains("\"seq\":8");
        assertThat(whole.refCnt()).isZero();
    }

    @Test
    void anEventStandsBetweenWhatAnotherProtocolHasAroundIt() {
        try (EncodeOnce<List<Event>> encoded = new EncodeOnce<>(EVENTS)) {
            EncodeOnce.Encoding<List<Event>, Encoded> encoding = StreamEncodings.textFrames("ü({", "}ä)");
            Encoded frames = encoded.in(encoding);
            assertThat(encoded.in(encoding)).isSameAs(frames);
            assertThat(payload(frames.single(0))).isEqualTo("ü(" + FIRST + "ä)");
            assertThat(payload(frames.single(1))).isEqualTo("ü(" + SECOND + "ä)");
            Encoded texts = encoded.in(StreamEncodings.texts("ü({", "}ä)", (byte) '|'));
            assertThat(text(texts.from(0))).isEqualTo("ü(" + FIRST + "ä)|ü(" + SECOND + "ä)");
            assertThat(text(texts.from(1))).isEqualTo("ü(" + SECOND + "ä)");
            assertThat(text(texts.single(0))).isEqualTo("ü(" + FIRST + "ä)");
        }
    }

    @Test
    void positions() {
        try (EncodeOnce<String> encoded = new EncodeOnce<>("p.1")) {
            assertThat(payload(encoded.in(StreamEncodings.WS_POSITION).from(0)))
                    .isEqualTo("{\"op\":\"position\",\"token\":\"p.1\"}");
            assertThat(payload(encoded.in(StreamEncodings.textFrame("ü(", "ä)")).from(0)))
                    .isEqualTo("ü(p.1ä)");
            assertThat(text(encoded.in(StreamEncodings.text("ü(", "ä)")).from(0)))
                    .isEqualTo("ü(p.1ä)");
        }
    }

    @Test
    void anEventStreamHasOneLineOfData() {
        try (EncodeOnce<List<Event>> encoded = new EncodeOnce<>(EVENTS)) {
            String block = text(encoded.in(StreamEncodings.SSE_EVENTS).single(0));
            String body = "id: 7\nevent: note\ndata: " + FIRST.replace("\r\n", "  ") + "\n\n";
            int length = body.getBytes(StandardCharsets.UTF_8).length;
            assertThat(block).isEqualTo(Integer.toHexString(length) + "\r\n" + body + "\r\n");
            assertThat(text(encoded.in(StreamEncodings.SSE_FEED_EVENTS).single(1)))
                    .doesNotContain("id:");
        }
    }
}
