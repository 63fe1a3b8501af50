package dev.tutti.protocol.engineio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket.Binary;
import dev.tutti.protocol.engineio.EnginePacket.Message;
import dev.tutti.protocol.engineio.EnginePacket.Open;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the protocol's document, and what it does not allow. */
class EnginePacketTest {
    private static final int MAX_BYTES = 1_000_000;

    @Test
    void theOpeningPacketIsAsInTheSampleSession() {
        Open open = Open.of(
                "lv_VI97HAXpY6yYWAAAC",
                List.of("websocket"),
                Duration.ofSeconds(25),
                Duration.ofSeconds(20),
                1_000_000);

        assertThat(new String(EngineEncoder.bytes(open), StandardCharsets.UTF_8))
                .isEqualTo("0{\"sid\":\"lv_VI97HAXpY6yYWAAAC\",\"upgrades\":[\"websocket\"],\"pingInterval\":25000,"
                        + "\"pingTimeout\":20000,\"maxPayload\":1000000}");
    }

    @Test
    void aSidThatWouldBreakTheOpeningPacketIsRefused() {
        assertThatThrownBy(() -> Open.of("a\"b", List.of(), Duration.ZERO, Duration.ZERO, 1))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void packetsOfTheSampleSessionAreRead() {
        assertThat(text("4hello")).isEqualTo(new Message(Slice.of("hello")));
        assertThat(text("2")).isEqualTo(EnginePacket.PING);
        assertThat(text("3")).isEqualTo(EnginePacket.PONG);
        assertThat(text("2probe")).isEqualTo(new Ping(Slice.of("probe")));
        assertThat(text("3probe")).isEqualTo(new Pong(Slice.of("probe")));
        assertThat(text("5")).isEqualTo(EnginePacket.UPGRADE);
        assertThat(text("6")).isEqualTo(EnginePacket.NOOP);
        assertThat(text("1")).isEqualTo(EnginePacket.CLOSE);
        assertThat(text("4")).isEqualTo(new Message(Slice.EMPTY));
        assertThat(EngineDecoder.binary(Slice.of(new byte[] {1, 2, 3, 4})))
                .isEqualTo(new Binary(Slice.of(new byte[] {1, 2, 3, 4})));
    }

    @Test
    void aPayloadIsReadPacketByPacket() {
        assertThat(payload("4hello\u001e4world")).containsExactly(message("hello"), message("world"));
        assertThat(payload("4hello\u001e2\u001ebAQIDBA=="))
                .containsExactly(message("hello"), EnginePacket.PING, new Binary(Slice.of(new byte[] {1, 2, 3, 4})));
    }

    @Test
    void aSmallPacketDoesNotKeepItsPayload() {
        List<EnginePacket> packets = payload("4" + "x".repeat(1_000) + "\u001e4hello");

        assertThat(packets.getLast())
                .isInstanceOfSatisfying(
                        Message.class, small -> assertThat(small.text().array()).hasSize(6));
    }

    @Test
    void base64MayBeBrokenIntoLinesAsTheJavaClientDoes() {
        assertThat(payload("bAQID\nBA==\n\u001ebAQID\r\n"))
                .containsExactly(
                        new Binary(Slice.of(new byte[] {1, 2, 3, 4})), new Binary(Slice.of(new byte[] {1, 2, 3})));
    }

    @Test
    void aPayloadIsWrittenAsItIsRead() {
        List<EnginePacket> packets =
                List.of(message("€"), EnginePacket.PING, new Binary(Slice.of(new byte[] {1, 2, 3, 4})));

        assertThat(new String(EngineEncoder.payload(packets), StandardCharsets.UTF_8))
                .isEqualTo("4€\u001e2\u001ebAQIDBA==");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "7", "a", "abc", "1x", "5x", "6x", "b*", "\u001e", "\u00e9"})
    void aFrameThatIsNoPacketIsRefused(String frame) {
        assertThatThrownBy(() -> text(frame))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("expected");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "\u001e", "4a\u001e", "\u001e4a", "4a\u001e\u001e4b", "b!", "bA", "bAQ=Q", "4a\u001eabc"})
    void aPayloadThatHasNoPacketSomewhereIsRefused(String payload) {
        assertThatThrownBy(() -> payload(payload)).isInstanceOf(ProtocolException.class);
    }

    @Test
    void aPayloadBeyondItsBoundsIsRefused() {
        assertThatThrownBy(() -> new PayloadReader(Slice.of("4hello"), 5, 10))
                .isInstanceOf(ProtocolException.class)
                .hasMessage("expected a payload of at most 5 bytes, got 6");

        PayloadReader reader = new PayloadReader(Slice.of("2\u001e2\u001e2"), MAX_BYTES, 2);
        reader.next();
        reader.next();
        assertThatThrownBy(reader::next)
                .isInstanceOf(ProtocolException.class)
                .hasMessageContaining("at most 2 packets");
    }

    private static EnginePacket text(String frame) {
        return EngineDecoder.text(Slice.of(frame));
    }

    private static EnginePacket message(String text) {
        return new Message(Slice.of(text));
    }

    private static List<EnginePacket> payload(String text) {
        List<EnginePacket> packets = new ArrayList<>();
        new PayloadReader(Slice.of(text), MAX_BYTES, 100).forEachRemaining(packets::add);
        return packets;
    }
}
