package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.limit.CpuPermits;
import dev.tutti.protocol.Slice;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import dev.tutti.testkit.fixture.HeldTurns;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Large payloads of clients are parsed by so many processors as may parse large input. */
class LargePayloadsTest {
    private final Payloads payloads = new Payloads(new JsonCodec(), 10);

    private static Slice utf8(String json) {
        return Slice.of(json.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void whatIsLargeIsParsedInTurn() throws Exception {
        String text = "\"" + "x".repeat(CpuPermits.BYTES) + "\"";
        int turns = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        try (HeldTurns held = new HeldTurns(turns, work -> CpuPermits.inTurn(CpuPermits.BYTES, work))) {
            held.begin(() -> payloads.array(new Body(utf8("[" + text + "]"), List.of())));
            held.begin(() -> payloads.object(utf8("{\"token\":" + text + "}")));
            Thread.startVirtualThread(() -> payloads.object(utf8("{\"token\":\"small\"}")))
                    .join();
            await().until(held::allWait);
        }
    }

    @Test
    void nothingIsNothing() {
        assertThat(payloads.value(new Body(utf8("null"), List.of()))).isNull();
    }
}
