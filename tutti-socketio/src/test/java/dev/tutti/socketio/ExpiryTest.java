package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Principal;
import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A socket lasts as long as its principal. */
class ExpiryTest {
    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final Clock clock = ((InstantSource) now::get).withZone(ZoneOffset.UTC);
    private final BlockingQueue<DisconnectReason> reasons = new LinkedBlockingQueue<>();
    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT,
            SocketIoSettings.DEFAULT,
            clock,
            io -> io.namespace("/")
                    .use(socket -> socket.authenticated(inAMinute("ada")))
                    .onConnection(socket -> {
                        socket.onDisconnect(reasons::add);
                        socket.on("renew", message -> {
                            socket.authenticated(inAMinute("ada"));
                            message.reply(socket.principal().id());
                        });
                    }));

    private Principal inAMinute(String id) {
        return new Principal(id, "session", now.get().plus(Duration.ofMinutes(1)));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void itIsToldAndCutWhenThePrincipalsTimeRunsOutUnlessItWasRenewed() throws Exception {
        Socket client = server.connected("websocket");
        ReceivedEvents expired = new ReceivedEvents(client, "auth:expired");
        ReceivedEvents disconnected = new ReceivedEvents(client, Socket.EVENT_DISCONNECT);

        now.updateAndGet(then -> then.plusSeconds(50));
        assertThat(SocketIoTest.ask(client, "renew")[0]).isEqualTo("ada");
        now.updateAndGet(then -> then.plusSeconds(50));
        assertThat(SocketIoTest.ask(client, "renew")[0]).isEqualTo("ada");
        now.updateAndGet(then -> then.plusSeconds(60));

        assertThat(((JSONObject) expired.next()[0]).getString("code")).isEqualTo("token_expired");
        assertThat(disconnected.next()[0]).isEqualTo("io server disconnect");
        assertThat(reasons.take()).isEqualTo(DisconnectReason.EXPIRED);
    }
}
