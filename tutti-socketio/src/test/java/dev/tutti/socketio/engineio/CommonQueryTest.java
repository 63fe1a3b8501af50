package dev.tutti.socketio.engineio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.socket.Handshake;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CommonQueryTest {
    private static Handshake asRead(String token) {
        // strings of its own, as a parser makes them
        return new Handshake(
                "192.0.2.1",
                Map.of("host", "example.com"),
                Map.of("?EIO".substring(1), "=4".substring(1), "token", token),
                Map.of());
    }

    private static String name(Handshake handshake) {
        return handshake.query().keySet().stream()
                .filter("EIO"::equals)
                .findFirst()
                .orElseThrow();
    }

    @Test
    void sessionsShareWhatTheirClientsAllSay() {
        Handshake one = CommonQuery.shared(asRead("a"));
        Handshake other = CommonQuery.shared(asRead("b"));
        assertThat(name(one)).isSameAs(name(other));
        assertThat(one.query().get("EIO")).isSameAs(other.query().get("EIO"));
    }

    @Test
    void theHandshakeIsEqual() {
        assertThat(CommonQuery.shared(asRead("a"))).isEqualTo(asRead("a"));
    }
}
