package dev.tutti.socketio.wire;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.flow.Encoded;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.socketio.engineio.TransportEncodings;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.StreamName;
import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Packets of streams and feeds, byte by byte. */
class NamespaceEncodingsTest {
    private static final Instant AT = Instant.parse("2026-11-21T10:00:00.123Z");
    private static final List<Event> EVENTS = List.of(
            new Event(new StreamName("room:1"), 7, "note", Json.of("{\"ü\":1}"), "a\"b", AT),
            new Event(new StreamName("room:1"), 8, "note", Json.of("null"), null, AT));
    private static final String FIRST =
            "{\"stream\":\"room:1\",\"seq\":7,\"type\":\"note\",\"at\":\"2026-11-21T10:00:00.123Z\",\"data\":{\"ü\":1},\"key\":\"a\\\"b\"}";
    private static final String SECOND =
            "{\"stream\":\"room:1\",\"seq\":8,\"type\":\"note\",\"at\":\"2026-11-21T10:00:00.123Z\",\"data\":null}";

    private static String text(ByteBuf buffer) {
        try {
            return buffer.toString(StandardCharsets.UTF_8);
        } finally {
            buffer.release();
        }
    }

    /** The content of a frame, which is final and of text. */
    private static String payload(ByteBuf frame) {
        assertThat(frame.getByte(frame.readerIndex())).isEqualTo((byte) 0x81);
        int length = frame.getByte(frame.readerIndex() + 1);
        return text(frame.skipBytes(length == 126 ? 4 : 2));
    }

    private static <T> void isEncoded(T value, TransportEncodings<T> encodings, String packet) {
        try (EncodeOnce<T> encoded = new EncodeOnce<>(value)) {
            assertThat(payload(encoded.in(encodings.webSocket()).from(0))).isEqualTo(packet);
            assertThat(text(encoded.in(encodings.polling()).from(0))).isEqualTo(packet);
        }
    }

    @Test
    void eventsOfStreamsArePacketsOfTheNamespace() {
        TransportEncodings<List<Event>> main = NamespaceEncodings.events("/");
        TransportEncodings<List<Event>> other = NamespaceEncodings.events("/admin");
        try (EncodeOnce<List<Event>> encoded = new EncodeOnce<>(EVENTS)) {
            Encoded frames = encoded.in(main.webSocket());
            assertThat(payload(frames.single(0))).isEqualTo("42[\"event\"," + FIRST + "]");
            assertThat(payload(frames.single(1))).isEqualTo("42[\"event\"," + SECOND + "]");
            assertThat(payload(encoded.in(other.webSocket()).single(0)))
                    .isEqualTo("42/admin,[\"event\"," + FIRST + "]");
            Encoded parts = encoded.in(main.polling());
            assertThat(text(parts.from(0))).isEqualTo("42[\"event\"," + FIRST + "]\u001e42[\"event\"," + SECOND + "]");
            assertThat(text(parts.from(1))).isEqualTo("42[\"event\"," + SECOND + "]");
            assertThat(text(parts.single(0))).doesNotContain("\u001e");
        }
    }

    @Test
    void aFeedIsOnePacket() {
        FeedKey key = FeedKey.of("price", "1");
        isEncoded(
                new FeedState(key, 3, Optional.of(Json.of("{\"ü\":1}"))),
                NamespaceEncodings.feeds("/"),
                "42[\"feed\",{\"key\":\"price:1\",\"version\":3,\"value\":{\"ü\":1}}]");
        isEncoded(
                new FeedState(key, 4, Optional.empty()),
                NamespaceEncodings.feeds("/admin"),
                "42/admin,[\"feed\",{\"key\":\"price:1\",\"version\":4,\"value\":null}]");
    }

    @Test
    void aPositionIsNotTheLastArgumentWhereClientsTakeThatForTheirOffset() {
        isEncoded("p.1", NamespaceEncodings.positions("/", false), "42[\"position\",\"p.1\"]");
        isEncoded("p.1", NamespaceEncodings.positions("/admin", true), "42/admin,[\"position\",\"p.1\",null]");
    }

    @Test
    void aNamespaceOfAnotherScriptIsNamedAlikeOverBothTransports() {
        isEncoded("p.1", NamespaceEncodings.positions("/größe", false), "42/größe,[\"position\",\"p.1\"]");
        isEncoded(EVENTS.subList(1, 2), NamespaceEncodings.events("/größe"), "42/größe,[\"event\"," + SECOND + "]");
    }
}
