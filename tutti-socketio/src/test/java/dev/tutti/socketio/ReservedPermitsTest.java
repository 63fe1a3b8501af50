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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Sessions where clients that are in no namespace yet have all permits but the reserve. */
@Timeout(60)
class ReservedPermitsTest {
    private static final int PERMITS = 10;
    private static final int FEW = 8; // connections that an account may always have
    private static final String ANN = "Authorization: Bearer ann\r\n";
    private static final String NOBODY = "Authorization: Bearer nobody\r\n";

    private final Tutti tutti = tutti();
    private final Edge edge = edge(tutti, AdmissionSettings.DEFAULT.withAddressPercent(100));

    private static Tutti tutti() {
        return Tutti.over(new MemoryStreamStore(
                        new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
                .meters(new SimpleMeterRegistry())
                .start();
    }

    private static Edge edge(Tutti tutti, AdmissionSettings admission) {
        return Edge.of(tutti)
                .settings(EdgeSettings.DEFAULT.withMaxConnections(PERMITS).withAdmission(admission))
                .authenticator(ReservedPermitsTest::authenticate)
                .endpoint(new SocketIoServer(SocketIoSettings.DEFAULT.withConnectTimeout(Duration.ofMinutes(5)), tutti))
                .start();
    }

    private static Principal authenticate(Handshake handshake) {
        return switch (handshake.headers().getOrDefault("authorization", "")) {
            case "Bearer ann" -> new Principal("ann", "session-ann", Instant.MAX);
            case "Bearer eager" ->
                throw new TuttiException(ErrorCode.RATE_LIMITED, "too many connections", Duration.ofSeconds(7));
            case "Bearer unlucky" -> throw new TuttiException(ErrorCode.UNAVAILABLE, "the database is away");
            case "Bearer odd" -> throw new IllegalStateException("a defect");
            default -> throw new TuttiException(ErrorCode.UNAUTHENTICATED, "no valid credentials");
        };
    }

    @BeforeEach
    void strangersTakeWhatTheyMay() {
        for (int i = 0; i < PERMITS - 1; i++) {
            assertThat(polls("")).startsWith("HTTP/1.1 200 ");
        }
    }

    @AfterEach
    void stop() {
        edge.close();
        tutti.close();
    }

    private String polls(String headers) {
        return polls(edge, headers);
    }

    private static String polls(Edge edge, String headers) {
        try (RawConnection client = new RawConnection(edge.port())) {
            return client.send("GET /socket.io/?EIO=4&transport=polling HTTP/1.1\r\nHost: x\r\n" + headers + "\r\n")
                    .answer();
        }
    }

    @Test
    void goodCredentialsOpenASessionByPollingAndOthersDoNot() {
        assertThat(polls("")).startsWith("HTTP/1.1 503 ").contains("instance_full");
        assertThat(polls(NOBODY)).startsWith("HTTP/1.1 503 ").contains("instance_full");
        assertThat(edge.connections()).isEqualTo(PERMITS - 1);

        assertThat(polls(ANN)).startsWith("HTTP/1.1 200 ").contains("\"sid\"");
        assertThat(edge.connections()).isEqualTo(PERMITS);
        assertThat(polls(ANN)).as("all permits are taken").startsWith("HTTP/1.1 503 ");
    }

    @ParameterizedTest
    @CsvSource({
        "eager, 429, '\"code\":\"rate_limited\"', '\"retryAfterMs\":7000'",
        "unlucky, 503, '\"code\":\"unavailable\"', the database is away",
        "odd, 500, '\"code\":\"internal\"', incident",
    })
    void whatKeepsTheServerFromKnowingAClientIsTold(String name, int status, String code, String more) {
        assertThat(polls("Authorization: Bearer " + name + "\r\n"))
                .startsWith("HTTP/1.1 " + status + " ")
                .contains(code)
                .contains(more);
        assertThat(edge.connections()).isEqualTo(PERMITS - 1);
    }

    @Test
    void anAccountThatHasItsShareIsToldSo() {
        AdmissionSettings ofProcess = AdmissionSettings.DEFAULT;
        AdmissionSettings admission =
                new AdmissionSettings(10, 90, ofProcess.sockets(), ofProcess.inboundBytes(), ofProcess.outboundBytes());
        try (Tutti another = tutti();
                Edge small = edge(another, admission)) {
            assertThat(polls(small, "")).startsWith("HTTP/1.1 200 ");
            for (int i = 0; i < FEW; i++) {
                assertThat(polls(small, ANN)).startsWith("HTTP/1.1 200 ");
            }

            assertThat(polls(small, ANN)).startsWith("HTTP/1.1 409 ").contains("limit_reached");
            assertThat(small.connections()).isEqualTo(1 + FEW);
        }
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
            assertThat(edge.connections()).isEqualTo(PERMITS);
        }
    }
}
