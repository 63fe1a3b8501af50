package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.Handle;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import java.io.EOFException;
import java.time.Clock;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Threads that run out: what was taken is given back, and nobody is left waiting. */
class NoThreadTest {
    private static final int INBOUND_BYTES = 4 << 20;
    private static final String LARGE = "x".repeat(100_000);

    private volatile boolean noThreads;
    private volatile @Nullable EdgeParts shared;
    private final Tutti tutti = Tutti.over(
                    new MemoryStreamStore(RetentionPolicy.of(Retention.of(Duration.ofDays(1))), Clock.systemUTC()))
            .start();
    private final Edge edge = Edge.of(tutti)
            .settings(EdgeSettings.DEFAULT.withAdmission(new AdmissionSettings(100, 0, 1_000, INBOUND_BYTES, 64 << 20)))
            .endpoint(this::socketIo)
            .start();

    @AfterEach
    void close() {
        edge.close();
        tutti.close();
    }

    private Endpoint socketIo(EdgeParts parts) {
        shared = parts;
        SocketIoServer server = new SocketIoServer(SocketIoSettings.DEFAULT, parts.tutti());
        server.namespace("/");
        return server.create(parts.workers(name -> {
            Executor usual = new SerialExecutor(name);
            return task -> {
                if (noThreads) {
                    throw new OutOfMemoryError("no thread, for this test");
                }
                usual.execute(task);
            };
        }));
    }

    @Test
    void anEventThatNoThreadTakesIsLetGoOf() throws EOFException {
        try (RawSocket client = new RawSocket(edge.port())) {
            client.join();
            noThreads = true;
            client.text("42[\"a\",\"" + LARGE + "\"]");
            assertThat(client.last()).isIn("end", "close 1011");
        }
        @Nullable Handle all = Objects.requireNonNull(shared).flow().hold("somebody else", INBOUND_BYTES);
        assertThat(all).as("all that there is for what is worked on").isNotNull();
        Objects.requireNonNull(all).close();
    }
}
