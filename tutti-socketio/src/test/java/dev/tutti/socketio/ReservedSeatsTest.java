package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.testkit.client.RawConnection;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions where clients that are in no namespace yet have all seats but the reserve. */
@Timeout(60)
class ReservedSeatsTest {
    private static final int SEATS = 10;
    private static final String ANN = "Authorization: Bearer ann\r\n";
    private static final String NOBODY = "Authorization: Bearer nobody\r\n";

    private final Tutti tutti = Tutti.over(new MemoryStreamStore(
                    new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
            .meters(new SimpleMeterRegistry())
            .start();
    private final Edge edge = Edge.of(tutti)
            .settings(EdgeSettings.DEFAULT
                    .withMaxConnections(SEATS)
                    .withAdmission(AdmissionSettings.DEFAULT.withAddressPercent(100)))
            .authenticator(ReservedSeatsTest::authenticate)
            .endpoint(new SocketIoServer(SocketIoSettings.DEFAULT.withConnectTimeout(Duration.ofMinutes(5)), tutti))
            .start();

    private static Principal authenticate(Handshake handshake) {
        if (!"Bearer ann".equals(handshake.headers().get("authorization"))) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "no valid credentials");
        }
        return new Principal("ann", "session-ann", Instant.MAX);
    }

    @BeforeEach
    void strangersTakeWhatTheyMay() {
        for (int i = 0; i < SEATS - 1; i++) {
            assertThat(polls("")).startsWith("HTTP/1.1 200 ");
        }
    }

    @AfterEach
    void stop() {
        edge.close();
        tutti.close();
    }

    private String polls(String headers) {
        try (RawConnection client = new RawConnection(edge.port())) {
            return client.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n")
                    .answer();
        }
    }

    @Test
    void goodCredentialsOpenASessionByPollingAndOthersDoNot() {
        assertThat(polls("")).startsWith("HTTP/1.1 503 ").contains("instance_full");
        assertThat(polls(NOBODY)).startsWith("HTTP/1.1 503 ").contains("instance_full");
        assertThat(edge.connections()).isEqualTo(SEATS - 1);

        assertThat(polls(ANN)).startsWith("HTTP/1.1 200 ").contains("\"sid\"");
        assertThat(edge.connections()).isEqualTo(SEATS);
        assertThat(polls(ANN)).as("all seats are taken").startsWith("HTTP/1.1 503 ");
    }

    @Test
    void goodCredentialsOpenAWebSocketAndOthersDoNot() {
        String request = "/socket.io/?EIO=4&transport=websocket";
        try (RawConnection nobody = new RawConnection(edge.port());
                RawConnection ann = new RawConnection(edge.port())) {
            nobody.send(RawConnection.handshake(request, NOBODY));
            assertThat(nobody.answer()).startsWith("HTTP/1.1 503 ").contains("instance_full");
            ann.send(RawConnection.handshake(request, ANN));
            assertThat(ann.head()).startsWith("HTTP/1.1 101 ");
            assertThat(ann.message()).startsWith("0{").contains("\"sid\"");
            assertThat(edge.connections()).isEqualTo(SEATS);
        }
    }
}
