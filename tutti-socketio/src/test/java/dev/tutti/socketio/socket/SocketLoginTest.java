package dev.tutti.socketio.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.flow.LiveSessions;
import dev.tutti.socket.Principal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SocketLoginTest {
    @Test
    void aTokenThatIsALoginOfItsOwnDoesNotEndTheOneBeforeIt() {
        List<String> ended = new ArrayList<>();
        LiveSessions sessions = new LiveSessions(_ -> {}, who -> ended.add(who.session()));
        SocketLogin login = new SocketLogin("socket", sessions, () -> {});

        login.authenticated(new Principal("ann", "s1", Instant.MAX));
        login.authenticated(new Principal("ann", "s2", Instant.MAX));

        assertThat(ended).isEmpty();
        assertThat(sessions.ids()).containsExactly("s2");
        login.close();
        assertThat(ended).containsExactly("s2");
    }
}
