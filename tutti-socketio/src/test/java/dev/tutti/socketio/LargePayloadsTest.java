package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** Large payloads of clients are parsed by so many processors as may parse large input. */
class LargePayloadsTest {
    private final Payloads payloads = new Payloads(new JsonCodec(), 10);

    private static Slice utf8(String json) {
        return Slice.of(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsLargeIsParsedInTurn() throws Exception {
        CompletableFuture<String> over = new CompletableFuture<>();
        int turns = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        CountDownLatch taken = new CountDownLatch(turns);
        for (int i = 0; i < turns; i++) {
            Thread.startVirtualThread(() -> CpuPermits.inTurn(CpuPermits.BYTES, () -> {
                taken.countDown();
                return over.join();
            }));
        }
        taken.await();
        String text = "\"" + "x".repeat(CpuPermits.BYTES) + "\"";
        List<Thread> readers = List.of(
                Thread.startVirtualThread(() -> payloads.array(new Body(utf8("[" + text + "]"), List.of()))),
                Thread.startVirtualThread(() -> payloads.object(utf8("{\"token\":" + text + "}"))));
        Thread.startVirtualThread(() -> payloads.object(utf8("{\"token\":\"small\"}")))
                .join();
        await().until(() -> readers.stream().allMatch(each -> each.getState() == Thread.State.WAITING));
        over.complete("over");
        for (Thread reader : readers) {
            reader.join();
        }
    }

    @Test
    void nothingIsNothing() {
        assertThat(payloads.value(new Body(utf8("null"), List.of()))).isNull();
    }
}
