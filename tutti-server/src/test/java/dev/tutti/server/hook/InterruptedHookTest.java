package dev.tutti.server.hook;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.server.config.Configuration;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A request whose time has ended, of a server that lets people in while its backend is away. */
class InterruptedHookTest {
    private static final Principal ANN = new Principal("ann", "jwt.1", Instant.MAX, Set.of());
    private static final Handshake HANDSHAKE = new Handshake("127.0.0.1", Map.of(), Map.of(), Map.of());

    private static Configuration configuration(int port) {
        return HookConfiguration.of("http://127.0.0.1:" + port, Map.of("TUTTI_HOOK_FAILURE", "allow"));
    }

    @Test
    void isNotAllowedWhatTheBackendWasNotAskedAbout() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
                Tutti tutti = Tutti.on(MemoryBackend.open()).start();
                Hooks hooks = Hooks.of(configuration(silent.getLocalPort()), tutti, Clock.systemUTC(), System::nanoTime)
                        .orElseThrow()) {
            Thread.currentThread().interrupt();

            assertThatThrownBy(() -> hooks.requireConnect(ANN, HANDSHAKE))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TIMEOUT));
            assertThat(Thread.interrupted()).isTrue();
        }
    }
}
