package dev.tutti.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.SocketPacket.Ack;
import dev.tutti.protocol.socketio.SocketPacket.BinaryAck;
import dev.tutti.protocol.socketio.SocketPacket.BinaryEvent;
import dev.tutti.protocol.socketio.SocketPacket.Connect;
import dev.tutti.protocol.socketio.SocketPacket.ConnectError;
import dev.tutti.protocol.socketio.SocketPacket.Disconnect;
import dev.tutti.protocol.socketio.SocketPacket.Event;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples of the protocol's document, and what it does not allow. */
class SocketPacketTest {
    private static final String ONE = "[\"baz\",{\"_placeholder\":true,\"num\":0}]";
    private static final String TWO = "[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]";

    static Stream<Arguments> examples() {
        return Stream.of(
                example("0", new Connect("/", Slice.EMPTY)),
                example("0{\"sid\":\"wZX3\"}", new Connect("/", Slice.of("{\"sid\":\"wZX3\"}"))),
                example("0/admin,", new Connect("/admin", Slice.EMPTY)),
                example("0/admin,{\"sid\":\"oSO0\"}", new Connect("/admin", Slice.of("{\"sid\":\"oSO0\"}"))),
                example(
                        "4{\"message\":\"Not authorized\"}",
                        new ConnectError("/", Slice.of("{\"message\":\"Not authorized\"}"))),
                example("2[\"foo\"]", new Event("/", SocketPacket.NO_ID, Slice.of("[\"foo\"]"))),
                example("2/admin,[\"bar\"]", new Event("/admin", SocketPacket.NO_ID, Slice.of("[\"bar\"]"))),
                example("51-" + ONE, new BinaryEvent("/", SocketPacket.NO_ID, 1, Slice.of(ONE))),
                example("52-/admin," + TWO, new BinaryEvent("/admin", SocketPacket.NO_ID, 2, Slice.of(TWO))),
                example("212[\"foo\"]", new Event("/", 12, Slice.of("[\"foo\"]"))),
                example("312[]", new Ack("/", 12, Slice.of("[]"))),
                example("2/admin,13[\"foo\"]", new Event("/admin", 13, Slice.of("[\"foo\"]"))),
                example("3/admin,13[\"bar\"]", new Ack("/admin", 13, Slice.of("[\"bar\"]"))),
                example("51-14" + ONE, new BinaryEvent("/", 14, 1, Slice.of(ONE))),
                example("61-15" + ONE, new BinaryAck("/", 15, 1, Slice.of(ONE))),
                example("1", new Disconnect("/")),
                example("1/admin,", new Disconnect("/admin")));
    }

    @ParameterizedTest
    @MethodSource("examples")
    void anExampleOfTheDocumentIsReadAndWritten(String text, SocketPacket packet) {
        assertThat(SocketDecoder.decode(Slice.of(text))).isEqualTo(packet);
        assertThat(new String(SocketEncoder.bytes(packet), StandardCharsets.UTF_8))
                .isEqualTo(text);
    }

    @Test
    void theCommaBehindANamespaceMayLackAtTheEnd() {
        assertThat(SocketDecoder.decode(Slice.of("0/random"))).isEqualTo(new Connect("/random", Slice.EMPTY));
        assertThat(SocketDecoder.decode(Slice.of("1/custom"))).isEqualTo(new Disconnect("/custom"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "7",
                "abc",
                "/",
                "0[]",
                "0\"x\"",
                "012{}",
                "1{}",
                "112",
                "1/admin,{}",
                "2",
                "2{}",
                "2/admin",
                "2/a,b,[]",
                "2\"a\"",
                "2null",
                "212",
                "3[]",
                "3",
                "312{}",
                "4",
                "4[]",
                "412{}",
                "5[]",
                "5-[]",
                "51",
                "51[]",
                "51-",
                "51-{}",
                "5-1-[]",
                "599999-[]",
                "51-99999999999999999[]",
                "61-[]",
                "6-0[]",
                "299999999999999999[]",
                "29007199254740992[\"a\"]",
                "2-1[\"a\"]",
                "2 [\"a\"]"
            })
    void textThatIsNoPacketIsRefused(String text) {
        assertThatThrownBy(() -> SocketDecoder.decode(Slice.of(text)))
                .isInstanceOf(ProtocolException.class)
                .hasMessageStartingWith("expected");
    }

    @Test
    void namespacesAreBoundedAndUtf8() {
        String longest = "/" + "n".repeat(SocketDecoder.MAX_NAMESPACE_BYTES - 1);

        assertThat(SocketDecoder.decode(Slice.of("0" + longest + ",")).namespace())
                .isEqualTo(longest);
        assertThatThrownBy(() -> SocketDecoder.decode(Slice.of("0" + longest + "n,")))
                .isInstanceOf(ProtocolException.class);
        assertThatThrownBy(() -> SocketDecoder.decode(Slice.of(new byte[] {'0', '/', (byte) 0xff})))
                .isInstanceOf(ProtocolException.class);
    }

    @Test
    void theLargestIdIsJavaScriptsLargestInteger() {
        assertThat(SocketDecoder.decode(Slice.of("29007199254740991[\"a\"]")))
                .isEqualTo(new Event("/", SocketPacket.MAX_ID, Slice.of("[\"a\"]")));
    }

    private static Arguments example(String text, SocketPacket packet) {
        return Arguments.of(text, packet);
    }
}
