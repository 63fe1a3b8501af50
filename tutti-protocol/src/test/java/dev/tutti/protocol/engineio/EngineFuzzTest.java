package dev.tutti.protocol.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.protocol.Mutator;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket.Binary;
import dev.tutti.protocol.engineio.EnginePacket.Message;
import dev.tutti.protocol.engineio.EnginePacket.Open;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Any bytes give packets or a {@link ProtocolException}; any packets survive the way there and back. */
class EngineFuzzTest {
    private static final int MUTATIONS = 200_000;
    private static final int MAX_BYTES = 1_000_000;

    @Property
    void aPacketSurvivesAFrame(@ForAll("packets") EnginePacket packet) {
        Slice frame = Slice.of(EngineEncoder.bytes(packet));

        assertThat(packet instanceof Binary ? EngineDecoder.binary(frame) : EngineDecoder.text(frame))
                .isEqualTo(packet);
        assertThat(frame.length()).isEqualTo(EngineEncoder.length(packet));
    }

    @Property
    void packetsSurviveAPayload(
            @ForAll @Size(min = 1, max = 20) List<@net.jqwik.api.From("packets") EnginePacket> packets) {
        assertThat(read(EngineEncoder.payload(packets))).isEqualTo(packets);
    }

    @Property
    void anyBytesArePacketsOrAProtocolError(@ForAll byte[] bytes) {
        survive(bytes);
    }

    @Test
    void mutatedPayloadsArePacketsOrAProtocolError() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Mutator mutator = new Mutator(
                seed,
                List.of(
                        ascii("0{\"sid\":\"a\"}"),
                        ascii("4hello\u001e2\u001ebAQIDBA==\u001e4[1]"),
                        ascii("2probe"),
                        ascii("5"),
                        ascii("1")));
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            if (!survive(mutator.next())) {
                refused++;
            }
        }
        assertThat(refused).as("both outcomes occur").isBetween(MUTATIONS / 100, MUTATIONS * 99 / 100);
    }

    /** Whether the bytes were packets; then what they say is the same when written and read again. */
    private static boolean survive(byte[] bytes) {
        try {
            List<EnginePacket> packets = read(bytes);
            assertThat(read(EngineEncoder.payload(packets))).isEqualTo(packets);
            return true;
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageStartingWith("expected");
            return false;
        }
    }

    private static List<EnginePacket> read(byte[] bytes) {
        List<EnginePacket> packets = new ArrayList<>();
        new PayloadReader(Slice.of(bytes), MAX_BYTES, 1000).forEachRemaining(packets::add);
        return packets;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Provide
    Arbitrary<EnginePacket> packets() {
        Arbitrary<Slice> text = Arbitraries.strings()
                .filter(any -> any.indexOf(EngineEncoder.SEPARATOR) < 0)
                .map(Slice::of);
        Arbitrary<Slice> data = Arbitraries.bytes().array(byte[].class).map(Slice::of);
        return Arbitraries.oneOf(
                Arbitraries.of(EnginePacket.CLOSE, EnginePacket.UPGRADE, EnginePacket.NOOP),
                text.map(Open::new),
                text.map(Ping::new),
                text.map(Pong::new),
                text.map(Message::new),
                data.map(Binary::new));
    }
}
