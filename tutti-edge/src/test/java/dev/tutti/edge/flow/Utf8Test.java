package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class Utf8Test {
    private static final byte[][] EDGES = {
        {0},
        {0x7F},
        {(byte) 0xC2, (byte) 0x80},
        {(byte) 0xDF, (byte) 0xBF},
        {(byte) 0xE0, (byte) 0xA0, (byte) 0x80},
        {(byte) 0xED, (byte) 0x9F, (byte) 0xBF},
        {(byte) 0xEE, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF0, (byte) 0x90, (byte) 0x80, (byte) 0x80},
        {(byte) 0xF4, (byte) 0x8F, (byte) 0xBF, (byte) 0xBF},
    };

    @Test
    void itSaysTheSameAsJavaInWhateverPiecesBytesCome() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        int wellFormed = 0;
        for (int i = 0; i < 50_000; i++) {
            byte[] bytes = bytes(random);
            boolean expected = isUtf8(bytes);
            wellFormed += expected ? 1 : 0;
            assertThat(check(bytes, random)).as("seed " + seed + ", run " + i).isEqualTo(expected);
        }
        assertThat(wellFormed).as("both outcomes occur").isBetween(5_000, 45_000);
    }

    @Test
    void theFirstByteThatCannotBeIsRefused() {
        for (byte[] wrong : new byte[][] {
            {(byte) 0x80},
            {(byte) 0xC0},
            {(byte) 0xC1},
            {(byte) 0xF5},
            {(byte) 0xFF},
            {(byte) 0xE0, (byte) 0x9F},
            {(byte) 0xED, (byte) 0xA0},
            {(byte) 0xF0, (byte) 0x8F},
            {(byte) 0xF4, (byte) 0x90},
            {(byte) 0xC2, 'a'},
        }) {
            Utf8 utf8 = new Utf8();
            ByteBuf all = Unpooled.wrappedBuffer(wrong);
            assertThat(utf8.accepts(all.slice(0, wrong.length - 1))).isTrue();
            assertThat(utf8.accepts(all.slice(wrong.length - 1, 1))).isFalse();
        }
    }

    /** Characters at the edges of what is allowed, sometimes with one byte changed. */
    private static byte[] bytes(Random random) {
        ByteBuffer out = ByteBuffer.allocate(16);
        for (int i = random.nextInt(4); i >= 0; i--) {
            out.put(EDGES[random.nextInt(EDGES.length)]);
        }
        byte[] bytes = new byte[out.position()];
        out.flip().get(bytes);
        if (random.nextBoolean()) {
            int at = random.nextInt(bytes.length);
            bytes[at] = (byte) (bytes[at] + random.nextInt(-2, 3));
        }
        return bytes;
    }

    private static boolean check(byte[] bytes, Random random) {
        Utf8 utf8 = new Utf8();
        ByteBuf all = Unpooled.wrappedBuffer(bytes);
        while (all.isReadable()) {
            if (!utf8.accepts(all.readSlice(1 + random.nextInt(all.readableBytes())))) {
                return false;
            }
        }
        return utf8.isComplete();
    }

    private static boolean isUtf8(byte[] bytes) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
            return true;
        } catch (CharacterCodingException malformed) {
            return false;
        }
    }
}
