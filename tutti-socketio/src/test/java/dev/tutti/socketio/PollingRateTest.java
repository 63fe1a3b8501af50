package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.TokenBucket;
import dev.tutti.testkit.client.RawConnection;
import io.micrometer.core.instrument.Counter;
import java.util.Collections;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients that poll are held to what a WebSocket may send, whatever their packets are: one message a second, and 40 KiB. */
class PollingRateTest {
    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT.withMessageRate(new TokenBucket.Rate(1, 1)),
            SocketIoSettings.DEFAULT,
            io -> io.namespace("/")
                    .onConnection(socket -> socket.on(
                            "echo",
                            message -> socket.emit("echo", message.arguments().toArray()))));
    private final EngineClient client = new EngineClient(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private double limited() {
        return server
                .tutti
                .meters()
                .find(FlowMetrics.REFUSALS)
                .tag(FlowMetrics.CODE, "rate_limited")
                .counters()
                .stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    private static String payload(String packet, int times) {
        return String.join("\u001e", Collections.nCopies(times, packet));
    }

    @ParameterizedTest
    @ValueSource(strings = {"431[]", "3"})
    void packetsThatAreNoMessagesAreHeldAsWell(String packet) throws Exception {
        String session = client.connect();
        String many = payload(packet, 200);
        int posts = 0;
        while (limited() == 0 && posts < 100) {
            assertThat(client.post(session, many).body()).isEqualTo("ok"); // later, but not lost
            posts++;
        }
        assertThat(limited()).isPositive();
        assertThat(client.post(session, "42[\"echo\",1]").body()).isEqualTo("ok");
        assertThat(client.get(session).body()).contains("42[\"echo\",1]");
    }

    @Test
    void aPostThatIsHeldIsAnsweredThoughItsClientHasEndedItsSide() throws Exception {
        String session = client.connect();
        String many = payload("3", 200);
        for (int posts = 0; limited() == 0 && posts < 100; posts++) {
            assertThat(client.post(session, many).body()).isEqualTo("ok");
        }
        double before = limited();
        try (RawConnection half = new RawConnection(server.edge.port())) {
            half.send("POST /socket.io/?" + session + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + many.length()
                    + "\r\n\r\n" + many);
            await().until(() -> limited() > before);
            assertThat(half.sendNoMore().rest()).startsWith("HTTP/1.1 200 ").endsWith("ok");
        }
    }

    @Test
    void theBytesOfAttachmentsAreHeldAsWell() throws Exception {
        String session = client.connect();
        String large = "461-3[{\"_placeholder\":true,\"num\":0}]\u001eb" + "A".repeat(100_000);
        int posts = 0;
        while (limited() == 0 && posts < 100) {
            assertThat(client.post(session, large).body()).isEqualTo("ok");
            posts++;
        }
        assertThat(limited()).isPositive();
    }

    /** As of a WebSocket: 64 KiB, and for each packet 512 bytes of them. */
    @Test
    void aStrangersPacketsCountToo() throws Exception {
        String session = client.open();
        assertThat(client.post(session, payload("3", 100)).body()).isEqualTo("ok");
        assertThat(client.post(session, payload("3", 100)).statusCode()).isEqualTo(400);
        assertThat(client.get(session).statusCode()).isEqualTo(400);
    }
}
