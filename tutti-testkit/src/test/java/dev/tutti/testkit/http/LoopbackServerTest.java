package dev.tutti.testkit.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopbackServerTest {
    @Test
    void itAnswersWithStatusAndBodyOrWithoutOne() throws IOException {
        try (LoopbackServer server = new LoopbackServer()
                        .on("/full", exchange -> LoopbackServer.answer(exchange, 201, "\u00fc"))
                        .on("/empty", exchange -> LoopbackServer.answer(exchange, 503, ""));
                RawConnection full = asked(server, "/full");
                RawConnection empty = asked(server, "/empty")) {
            assertThat(full.answer()).startsWith("HTTP/1.1 201 ").endsWith("\r\n\r\n\u00fc");
            assertThat(empty.head()).startsWith("HTTP/1.1 503 ");
        }
    }

    @Test
    void itsEndInterruptsThoseWhoAnswer() throws IOException, InterruptedException {
        CountDownLatch asked = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        LoopbackServer server = new LoopbackServer().on("/", _ -> {
            asked.countDown();
            try {
                new CountDownLatch(1).await();
            } catch (InterruptedException closed) {
                interrupted.countDown();
                throw closed;
            }
        });
        try (RawConnection _ = asked(server, "/")) {
            assertThat(asked.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            server.close();
        }
        assertThat(interrupted.await(20, TimeUnit.SECONDS)).isTrue();
    }

    private static RawConnection asked(LoopbackServer server, String path) {
        return new RawConnection(server.port()).send("GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n");
    }
}
