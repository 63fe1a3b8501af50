package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;

class OutboxTest implements Outbox.Owner {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final Deque<Runnable> looks = new ArrayDeque<>();
    private final List<String> told = new ArrayList<>();
    private final OutboundBudget budget = new OutboundBudget(100_000);
    private final EmbeddedChannel channel = new EmbeddedChannel(new ChannelInboundHandlerAdapter());
    private final ChannelHandlerContext context = channel.pipeline().firstContext();
    private final Outbox outbox = new Outbox(
            context,
            new OutboxBounds(1_024, 2_048, 4_096),
            new FlowMetrics(meters),
            new Flusher(tasks::add, looks::add, budget),
            this);

    OutboxTest() {
        channel.pipeline().addLast(outbox);
    }

    @Override
    public void drained() {
        told.add("drained");
    }

    @Override
    public void overflowed() {
        told.add("overflowed");
    }

    private static ByteBuf bytes(int length) {
        return Unpooled.buffer().writeZero(length);
    }

    private double dropped(String reason) {
        return meters.get(FlowMetrics.DROPS).tag("reason", reason).counter().count();
    }

    /** Runs a task, and then those that it left for later. */
    private void batch(Runnable task) {
        task.run();
        for (Runnable later = tasks.poll(); later != null; later = tasks.poll()) {
            later.run();
        }
    }

    @Test
    void writesOfABatchAreFlushedTogether() {
        batch(() -> {
            outbox.write(bytes(10));
            outbox.write(bytes(10), 3);
            assertThat(channel.outboundMessages()).isEmpty();
            assertThat(outbox.pendingBytes()).isGreaterThanOrEqualTo(20);
        });
        assertThat(channel.outboundMessages()).hasSize(2);
        assertThat(outbox.pendingBytes()).isZero();
        assertThat(meters.counter(FlowMetrics.MESSAGES_OUT).count()).isEqualTo(4);
        assertThat(meters.counter(FlowMetrics.BYTES_OUT).count()).isEqualTo(20);
    }

    @Test
    void notReadyAboveTheSoftBoundAndToldWhenItDrains() {
        batch(() -> {
            assertThat(outbox.ready()).isTrue();
            outbox.write(bytes(3_000));
            assertThat(outbox.ready()).isFalse();
            assertThat(told).isEmpty();
        });
        assertThat(outbox.ready()).isTrue();
        assertThat(told).containsExactly("drained");
        assertThat(outbox.write(bytes(1))).isTrue();
    }

    @Test
    void beyondTheHardBoundItOverflowsOnceAndTakesNoMore() {
        batch(() -> {
            outbox.write(bytes(3_000));
            ByteBuf small = bytes(500);
            assertThat(outbox.write(small)).isTrue();
            ByteBuf tooMuch = bytes(1_000);
            assertThat(outbox.write(tooMuch)).isFalse();
            assertThat(tooMuch.refCnt()).isZero();
            ByteBuf late = bytes(1);
            assertThat(outbox.write(late)).isFalse();
            assertThat(late.refCnt()).isZero();
            assertThat(told).containsExactly("overflowed");
            assertThat(dropped("overflow")).isEqualTo(1);
            assertThat(dropped("closed")).isEqualTo(1);
            outbox.writeLast(bytes(4));
        });
        assertThat(channel.outboundMessages()).hasSize(3);
    }

    @Test
    void aLargeRunThatBeginsBelowTheSoftBoundPasses() {
        assertThat(outbox.write(bytes(100_000))).isTrue();
        assertThat(told).isEmpty();
    }

    @Test
    void whileTheLoopHasLittleRoomOneThatIsBehindIsNotReady() {
        HeldFlush held = new HeldFlush();
        channel.pipeline().addFirst(held);
        budget.add(97_000); // others'
        batch(() -> outbox.write(bytes(1_600)));
        assertThat(outbox.ready()).isFalse();
        held.holds = false;
        batch(outbox::flush);
        assertThat(budget.waiting()).isEqualTo(97_000);
        List.copyOf(looks).forEach(Runnable::run);
        assertThat(told).containsExactly("drained");
        assertThat(outbox.ready()).isTrue();
    }

    @Test
    void aSlowReaderIsCutSoonerWhileTheLoopHasLittleRoom() {
        channel.pipeline().addFirst(new HeldFlush());
        budget.add(97_000);
        batch(() -> outbox.write(bytes(2_500)));
        assertThat(outbox.write(bytes(600))).isFalse();
        assertThat(told).containsExactly("overflowed");
    }

    /** A connection that takes nothing. */
    private static final class HeldFlush extends ChannelOutboundHandlerAdapter {
        private boolean holds = true;

        @Override
        public void flush(ChannelHandlerContext ctx) {
            if (!holds) {
                ctx.flush();
            }
        }
    }

    @Test
    void whatComesAfterTheConnectionHasGoneIsReleased() {
        channel.close().syncUninterruptibly();
        ByteBuf late = bytes(1);
        assertThat(outbox.write(late)).isFalse();
        assertThat(late.refCnt()).isZero();
        ByteBuf last = bytes(1);
        outbox.writeLast(last);
        assertThat(last.refCnt()).isZero();
    }

    @Test
    void boundsMustMakeSense() {
        assertThatThrownBy(() -> new OutboxBounds(1_024, 1_024, 4_096)).hasMessageContaining("low 1024, soft 1024");
        assertThatThrownBy(() -> new OutboxBounds(10, 100, 1_000)).hasMessageContaining("1024 <= low");
    }
}
