package dev.tutti.protocol.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.protocol.Mutator;
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
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Any bytes give a packet or a {@link ProtocolException}; any packet survives the way there and back. */
class SocketFuzzTest {
    private static final int MUTATIONS = 200_000;
    private static final List<byte[]> GOOD = List.of(
            ascii("0"),
            ascii("0/admin,{\"token\":\"123\"}"),
            ascii("2/admin,13[\"foo\",{\"a\":[1,2]}]"),
            ascii("312[]"),
            ascii("4{\"message\":\"no\"}"),
            ascii("1/admin,"),
            ascii("52-/admin,7[\"baz\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"),
            ascii("61-15[\"bar\",{\"_placeholder\":true,\"num\":0}]"));

    @Property
    void aPacketSurvivesEncoding(@ForAll("packets") SocketPacket packet) {
        assertThat(SocketDecoder.decode(Slice.of(SocketEncoder.bytes(packet)))).isEqualTo(packet);
    }

    @Property
    void anyBytesAreAPacketOrAProtocolError(@ForAll byte[] bytes) {
        survive(bytes);
    }

    @Test
    void mutatedPacketsArePacketsOrAProtocolError() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Mutator mutator = new Mutator(seed, GOOD);
        int refused = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            if (!survive(mutator.next())) {
                refused++;
            }
        }
        assertThat(refused).as("both outcomes occur").isBetween(MUTATIONS / 100, MUTATIONS * 99 / 100);
    }

    @Test
    void anySequenceOfFramesKeepsTheAssemblerWithinItsBounds() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Mutator mutator = new Mutator(seed, GOOD);
        Assembler assembler = new Assembler(4, 256);
        int whole = 0;
        for (int i = 0; i < MUTATIONS; i++) {
            try {
                boolean attachment = assembler.isWaiting() ? random.nextInt(10) > 0 : random.nextInt(10) == 0;
                Assembled assembled = (attachment
                                ? assembler.attachment(Slice.of(new byte[random.nextInt(100)]))
                                : assembler.packet(SocketDecoder.decode(Slice.of(mutator.next()))))
                        .orElse(null);
                if (assembled != null && assembled.packet() instanceof SocketPacket.Binary binary) {
                    assertThat(assembled.attachments()).hasSize(assembled.oversized() ? 0 : binary.attachments());
                    assertThat(assembled.attachments()).hasSizeLessThanOrEqualTo(4);
                    assertThat(assembled.attachments().stream()
                                    .mapToInt(Slice::length)
                                    .sum())
                            .isLessThanOrEqualTo(256);
                    whole++;
                }
            } catch (ProtocolException refused) {
                assembler = new Assembler(4, 256);
            }
        }
        assertThat(whole).isPositive();
    }

    /** Whether the bytes were a packet; then it is the same when written and read again. */
    private static boolean survive(byte[] bytes) {
        try {
            SocketPacket packet = SocketDecoder.decode(Slice.of(bytes));
            assertThat(SocketDecoder.decode(Slice.of(SocketEncoder.bytes(packet))))
                    .isEqualTo(packet);
            return true;
        } catch (ProtocolException refused) {
            assertThat(refused).hasMessageStartingWith("expected");
            return false;
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Provide
    Arbitrary<SocketPacket> packets() {
        Arbitrary<String> namespaces = Arbitraries.oneOf(
                Arbitraries.just("/"),
                Arbitraries.strings()
                        .excludeChars(',')
                        .ofMaxLength(60)
                        .filter(any -> any.chars().noneMatch(c -> Character.isSurrogate((char) c)))
                        .map(any -> "/" + any));
        Arbitrary<Long> ids = Arbitraries.longs().between(0, SocketPacket.MAX_ID);
        Arbitrary<Long> maybe = Arbitraries.longs().between(SocketPacket.NO_ID, SocketPacket.MAX_ID);
        Arbitrary<Integer> counts = Arbitraries.integers().between(0, 9999);
        Arbitrary<Slice> rest = Arbitraries.bytes().array(byte[].class).map(Slice::of);
        Arbitrary<Slice> array = rest.map(any -> after('[', any));
        Arbitrary<Slice> object = rest.map(any -> after('{', any));
        return Arbitraries.oneOf(
                Combinators.combine(namespaces, Arbitraries.oneOf(object, Arbitraries.just(Slice.EMPTY)))
                        .as(Connect::new),
                namespaces.map(Disconnect::new),
                Combinators.combine(namespaces, maybe, array).as(Event::new),
                Combinators.combine(namespaces, ids, array).as(Ack::new),
                Combinators.combine(namespaces, object).as(ConnectError::new),
                Combinators.combine(namespaces, maybe, counts, array).as(BinaryEvent::new),
                Combinators.combine(namespaces, ids, counts, array).as(BinaryAck::new));
    }

    private static Slice after(char first, Slice rest) {
        byte[] bytes = new byte[rest.length() + 1];
        bytes[0] = (byte) first;
        System.arraycopy(rest.bytes(), 0, bytes, 1, rest.length());
        return Slice.of(bytes);
    }
}
