package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.buffer.Unpooled;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.netty.channel.embedded.EmbeddedChannel;
import io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PerMessageDeflateTest {
    private static final String TAKEN = "permessage-deflate; client_no_context_takeover";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "permessage-deflate|" + TAKEN,
                "Permessage-Deflate ; client_max_window_bits|" + TAKEN,
                "permessage-deflate; client_max_window_bits=9|" + TAKEN,
                "permessage-deflate; client_no_context_takeover|" + TAKEN,
                "permessage-deflate; server_no_context_takeover|" + TAKEN + "; server_no_context_takeover",
                "permessage-deflate; server_max_window_bits=15|" + TAKEN + "; server_max_window_bits=15",
                "permessage-deflate; server_max_window_bits=10|",
                "permessage-deflate; server_max_window_bits=10, permessage-deflate|" + TAKEN,
                "permessage-deflate; client_max_window_bits=7|",
                "permessage-deflate; client_max_window_bits=16|",
                "permessage-deflate; client_max_window_bits; client_max_window_bits|",
                "permessage-deflate; else|",
                "permessage-deflate;|",
                "x-webkit-deflate-frame|",
                ";|",
                "'; ,;,'|",
                "''|"
            })
    void anOfferIsTakenIfWeCanDoWhatItAsks(String offer, String answer) {
        assertThat(PerMessageDeflate.accept(List.of(offer)).orElse(null)).isEqualTo(answer);
    }

    @Test
    void offersMayComeInSeveralHeaders() {
        assertThat(PerMessageDeflate.accept(List.of())).isEmpty();
        assertThat(PerMessageDeflate.accept(List.of("foo", "permessage-deflate")))
                .contains(TAKEN);
    }

    /** Notes the most that a buffer might have come to. */
    private static final class Watched extends AbstractByteBufAllocator {
        final List<ByteBuf> buffers = new ArrayList<>();

        @Override
        protected ByteBuf newHeapBuffer(int initial, int max) {
            return noted(UnpooledByteBufAllocator.DEFAULT.heapBuffer(initial, max));
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int max) {
            return noted(UnpooledByteBufAllocator.DEFAULT.directBuffer(initial, max));
        }

        private ByteBuf noted(ByteBuf buffer) {
            buffers.add(buffer);
            return buffer;
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    @Test
    void aBombCostsNoMoreThanTheLargestMessage() {
        int allowed = 100_000;
        byte[] bomb = new byte[1 << 20];
        try (Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true)) {
            deflater.setInput(new byte[512 << 20]);
            bomb = Arrays.copyOf(bomb, deflater.deflate(bomb, 0, bomb.length, Deflater.SYNC_FLUSH) - 4);
        }
        Watched alloc = new Watched();
        PerMessageDeflate deflate = new PerMessageDeflate();
        ByteBuf compressed = Unpooled.wrappedBuffer(bomb);
        assertThatThrownBy(() -> deflate.inflate(compressed, allowed, alloc))
                .isInstanceOfSatisfying(
                        CorruptedWebSocketFrameException.class,
                        refused -> assertThat(refused.closeStatus().code()).isEqualTo(1009));
        assertThat(alloc.buffers).singleElement().satisfies(buffer -> {
            assertThat(buffer.maxCapacity()).isEqualTo(allowed + 1);
            assertThat(buffer.refCnt()).isZero();
        });
    }

    @Test
    void framesAreCompressedOneByOneAndTheNextMessageKnowsNothingOfThem() {
        PerMessageDeflate deflate = new PerMessageDeflate();
        PooledByteBufAllocator alloc = PooledByteBufAllocator.DEFAULT;
        ByteBuf frames = alloc.directBuffer();
        for (int length : new int[] {10, 1_024, 70_000, 1_023, 30_000}) {
            ByteBuf frame = Frames.text(alloc, "x".repeat(length));
            frames.writeBytes(frame);
            frame.release();
        }
        ByteBuf ping = Frames.ping(alloc);
        frames.writeBytes(ping);
        ping.release();
        assertThat(PerMessageDeflate.isWorthwhile(frames)).isTrue();
        ByteBuf out = deflate.deflate(frames, alloc);
        frames.release();
        for (int length : new int[] {10, 1_024, 70_000, 1_023, 30_000}) {
            boolean compressed = length >= PerMessageDeflate.LEAST_BYTES;
            assertThat(out.getUnsignedByte(out.readerIndex())).isEqualTo((short) (compressed ? 0xC1 : 0x81));
            int header = Frames.headerLength(out, out.readerIndex());
            ByteBuf payload = out.skipBytes(header).readSlice(Frames.length(out, out.readerIndex() - header) - header);
            ByteBuf plain = compressed ? new PerMessageDeflate().inflate(payload, length, alloc) : payload.retain();
            assertThat(ByteBufUtil.getBytes(plain)).hasSize(length).containsOnly('x');
            plain.release();
        }
        assertThat(ByteBufUtil.getBytes(out)).containsExactly(0x89, 0);
        out.release();
    }

    @Test
    void framesThatGoToManyAreCompressedOnceAndLetGoOfAfterwards() throws Exception {
        FrameDeflater deflater = new FrameDeflater(new PerMessageDeflate());
        EventExecutor loop = new DefaultEventExecutor();
        try {
            EmbeddedChannel one = channel(loop, deflater);
            EmbeddedChannel other = channel(loop, deflater);
            ByteBuf shared = Frames.text(PooledByteBufAllocator.DEFAULT, "x".repeat(10_000));
            ByteBuf another = Frames.text(PooledByteBufAllocator.DEFAULT, "y".repeat(10_000));
            loop.submit(() -> {
                        var _ = one.write(shared.retainedSlice(), one.voidPromise());
                        var _ = other.write(shared.retainedSlice(), other.voidPromise());
                        var _ = other.write(another.retainedSlice(), other.voidPromise());
                        one.flush();
                        other.flush();
                    })
                    .get();
            one.runPendingTasks();
            other.runPendingTasks();
            ByteBuf first = one.readOutbound();
            ByteBuf same = other.readOutbound();
            ByteBuf last = other.readOutbound();
            assertThat(first.getByte(0)).isEqualTo((byte) 0xC1);
            assertThat(same.memoryAddress()).isEqualTo(first.memoryAddress());
            assertThat(last.memoryAddress()).isNotEqualTo(first.memoryAddress());
            loop.submit(() -> {}).get(); // what is behind the task that wrote has been done
            List<ByteBuf> all = List.of(first, same, last, shared, another);
            all.forEach(ByteBuf::release);
            assertThat(all).allMatch(each -> each.refCnt() == 0);
        } finally {
            loop.shutdownGracefully(0, 0, TimeUnit.SECONDS).get();
        }
    }

    @SuppressWarnings("deprecation") // an embedded loop runs what waits after each write, which none other does
    private static EmbeddedChannel channel(EventExecutor loop, FrameDeflater deflater) {
        EmbeddedChannel channel = new EmbeddedChannel();
        channel.pipeline().addLast(loop, deflater);
        return channel;
    }
}
