package dev.tutti.edge.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.flow.Connections.Transport;
import dev.tutti.socket.Principal;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ConnectionsTest {
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Connections connections = new Connections(2, AdmissionSettings.DEFAULT, meters);

    private double open(String transport) {
        return meters.get(FlowMetrics.CONNECTIONS)
                .tag("transport", transport)
                .gauge()
                .value();
    }

    @Test
    void asManyAsThereIsRoomFor() {
        Connections.Seat one = connections.admit(Transport.POLLING, "192.0.2.1");
        try (Connections.Seat _ = connections.admit(Transport.SSE, "192.0.2.1")) {
            assertThatThrownBy(() -> connections.admit(Transport.WEBSOCKET, "192.0.2.1"))
                    .isInstanceOfSatisfying(TuttiException.class, refused -> {
                        assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL);
                        assertThat(refused.retryAfter()).isPresent();
                    });
            one.move(Transport.WEBSOCKET);
            assertThat(open("polling")).isZero();
            assertThat(open("websocket")).isEqualTo(1);
            assertThat(open("sse")).isEqualTo(1);
        }
        assertThat(connections.count()).isEqualTo(1);
        one.close();
        one.close();
        one.move(Transport.SSE);
        assertThat(connections.count()).isZero();
        assertThat(open("sse")).isZero();
    }

    @Test
    void halfOfThemStayWithoutALogin() {
        Connections some = new Connections(4, AdmissionSettings.DEFAULT, new SimpleMeterRegistry());
        List<Connections.Seat> seats = List.of(
                some.admit(Transport.SSE, "192.0.2.1"),
                some.admit(Transport.WEBSOCKET, "192.0.2.2"),
                some.admit(Transport.WEBSOCKET, "192.0.2.3"));
        seats.get(0).stay();
        seats.get(1).stay();
        seats.get(1).stay();
        assertThatThrownBy(seats.get(2)::stay)
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.INSTANCE_FULL));

        assertThat(seats.get(1).moveTo("ann")).isTrue();
        seats.get(2).stay();
        assertThatThrownBy(some.admit(Transport.SSE, "192.0.2.4")::stay).isInstanceOf(TuttiException.class);
        seats.get(0).close();
        some.admit(Transport.SSE, "192.0.2.5").stay();
    }

    @Test
    void nobodyWhenLeaving() {
        connections.leave();
        assertThatThrownBy(() -> connections.admit(Transport.SSE, "192.0.2.1"))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.GOING_AWAY));
    }

    @Test
    void theConnectionsOfASessionAreCutAndNoOthers() {
        List<String> ended = new ArrayList<>();
        LiveSessions sessions = new LiveSessions(_ -> {}, who -> ended.add(who.id()));
        List<String> cut = new ArrayList<>();
        Principal ann = new Principal("ann", "s1", Instant.MAX);
        Registration first = sessions.add(ann, code -> cut.add("first " + code));
        Registration second = sessions.add(ann, code -> cut.add("second " + code));
        sessions.add(new Principal("bob", "s2", Instant.MAX), code -> cut.add("bob " + code));
        first.close();
        first.close();
        sessions.cut("s1", ErrorCode.SESSION_REVOKED);
        sessions.cut("s3", ErrorCode.SESSION_REVOKED);
        assertThat(cut).containsExactly("second SESSION_REVOKED");
        assertThat(ended).isEmpty();
        second.close();
        second.close();
        assertThat(ended).containsExactly("ann");
    }
}
