package dev.tutti.core.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CpuPermitsTest {
    @Test
    @SuppressWarnings("ThreadPriorityCheck") // lets others begin while this one holds its turn
    void neverHoldsAllProcessors() throws InterruptedException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                for (int turn = 0; turn < 20; turn++) {
                    int _ = CpuPermits.inTurn(CpuPermits.BYTES, () -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        Thread.yield();
                        return now.decrementAndGet();
                    });
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(most.get())
                .isPositive()
                .isLessThanOrEqualTo(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
    }

    @Test
    void whatFailsLetsTheNextOneIn() {
        Runnable failing = () -> {
            for (int i = 0; i < 100; i++) {
                assertThatThrownBy(() -> CpuPermits.inTurn(CpuPermits.BYTES, () -> {
                            throw new IllegalStateException("no");
                        }))
                        .hasMessage("no");
            }
        };
        CompletableFuture.runAsync(failing, Thread::startVirtualThread).join();
        assertThat(CpuPermits.inTurn(CpuPermits.BYTES, () -> "done")).isEqualTo("done");
    }
}
