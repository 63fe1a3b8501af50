package dev.tutti.bench.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FrameReaderTest {
    private record Frame(int opcode, ByteBuf content) {}

    @Test
    void framesOfAllLengthsAreReadHoweverTheyAreCutUp() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        for (int run = 0; run < 40; run++) {
            List<ByteBuf> sent = new ArrayList<>();
            ByteBuf wire = Unpooled.buffer();
            for (int i = 0; i < 20; i++) {
                byte[] content = new byte[anyLength(random)];
                random.nextBytes(content);
                sent.add(Unpooled.wrappedBuffer(content));
                write(wire, FrameSkipper.TEXT, content);
            }
            List<Frame> got = new ArrayList<>();
            FrameSkipper reader = new FrameSkipper(
                    (opcode, length, kept) -> got.add(new Frame(opcode, Unpooled.copiedBuffer(kept, 0, length))));
            while (wire.isReadable()) {
                reader.read(wire.readSlice(Math.min(wire.readableBytes(), 1 + random.nextInt(5_000))));
            }
            assertThat(got).extracting(Frame::content).containsExactlyElementsOf(sent);
            assertThat(got).extracting(Frame::opcode).containsOnly(FrameSkipper.TEXT);
        }
    }

    @Test
    void framesThatAreNotKeptAreCountedAllTheSame() {
        List<Integer> lengths = new ArrayList<>();
        FrameSkipper reader = new FrameSkipper((_, length, _) -> lengths.add(length));
        reader.keep(false);
        ByteBuf wire = Unpooled.buffer();
        write(wire, FrameSkipper.TEXT, new byte[1_000_000]);
        write(wire, FrameSkipper.PING, new byte[0]);
        reader.read(wire);
        assertThat(lengths).containsExactly(1_000_000, 0);
    }

    @Test
    void aMaskedFrameIsNoServersFrame() {
        FrameSkipper reader = new FrameSkipper((_, _, _) -> {});
        ByteBuf wire = Unpooled.wrappedBuffer(ClientFrames.text("hello"));
        assertThatThrownBy(() -> reader.read(wire)).hasMessageContaining("mask");
    }

    private static int anyLength(Random random) {
        return switch (random.nextInt(4)) {
            case 0 -> 0;
            case 1 -> random.nextInt(126);
            case 2 -> 120 + random.nextInt(10);
            default -> random.nextInt(70_000);
        };
    }

    private static void write(ByteBuf wire, int opcode, byte[] content) {
        wire.writeByte(0x80 | opcode);
        if (content.length < 126) {
            wire.writeByte(content.length);
        } else if (content.length < 65_536) {
            wire.writeByte(126).writeShort(content.length);
        } else {
            wire.writeByte(127).writeLong(content.length);
        }
        wire.writeBytes(content);
    }
}
