package dev.tutti.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.WebSocketLink;
import dev.tutti.edge.flow.WebSocketListener;
import dev.tutti.edge.flow.WebSocketUpgrade;
import dev.tutti.edge.http.Exchange;
import dev.tutti.edge.sse.EventStreams;
import dev.tutti.edge.ws.PlainWebSocket;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Entitlements;
import dev.tutti.testkit.access.OpenAccess;
import dev.tutti.testkit.client.RawConnection;
import io.netty.buffer.AbstractByteBufAllocator;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Memory and threads that run out at a bad moment: what was taken is given back, and nobody is left waiting. */
class ThrowingPathsTest {
    private static final int INBOUND_BYTES = 4 << 20;
    private static final String LARGE = "x".repeat(100_000);

    /** What is at another path here than it is usually; the connections it gets are noted. */
    private record At(String path, Endpoint usual, BlockingQueue<Channel> channels) implements Endpoint {
        @Override
        public void handle(Exchange exchange) {
            channels.add(exchange.channel());
            usual.handle(exchange);
        }

        @Override
        public List<Runnable> drainTasks() {
            return List.of();
        }
    }

    /** A WebSocket that ends as it is told to, without memory for a close frame. */
    private record Ending(EdgeParts parts) implements Endpoint {
        @Override
        public String path() {
            return "/ending";
        }

        @Override
        public void handle(Exchange exchange) {
            WebSocketUpgrade.open(exchange.request(), exchange.address(), "", 1_000, parts.flow(), Ending::listener);
        }

        private static WebSocketListener listener(WebSocketLink link) {
            return new WebSocketListener() {
                @Override
                public void onText(ByteBuf utf8) {
                    ErrorCode code = ErrorCode.valueOf(utf8.toString(StandardCharsets.UTF_8));
                    link.channel().config().setAllocator(new NoMemory());
                    link.close(code, "");
                }

                @Override
                public void onBinary(ByteBuf bytes) {
                    // a client's close is answered behind it, in the same read
                    link.channel().config().setAllocator(new NoMemory());
                }

                @Override
                public void onDrained() {}

                @Override
                public void onClosed(DisconnectReason reason) {
                    throw new IllegalStateException("a listener that fails");
                }
            };
        }

        @Override
        public List<Runnable> drainTasks() {
            return List.of();
        }
    }

    private static final class NoMemory extends AbstractByteBufAllocator {
        @Override
        protected ByteBuf newHeapBuffer(int initial, int max) {
            throw new OutOfMemoryError("no memory, for this test");
        }

        @Override
        protected ByteBuf newDirectBuffer(int initial, int max) {
            throw new OutOfMemoryError("no direct memory, for this test");
        }

        @Override
        public boolean isDirectBufferPooled() {
            return false;
        }
    }

    private static final class Everything extends OpenAccess {
        @Override
        public Optional<Entitlements> entitlements(Principal who) {
            return Optional.of(Map::of);
        }
    }

    private final BlockingQueue<Channel> channels = new LinkedBlockingQueue<>();
    private volatile boolean noThreads;
    private volatile @Nullable EdgeParts shared;
    private final TestEdge edge = new TestEdge(
            settings -> settings.withAdmission(new AdmissionSettings(100, 0, 1_000, INBOUND_BYTES, 64 << 20)),
            builder -> builder.endpoint(Ending::new)
                    .endpoint(parts -> at("/streams", new PlainWebSocket(few(parts), new Everything())))
                    .endpoint(parts -> at("/quiet/:name", EventStreams.ofStream(parts, new Everything()))));

    private At at(String path, Endpoint usual) {
        return new At(path, usual, channels);
    }

    /** {@code parts} whose threads run out. */
    private EdgeParts few(EdgeParts parts) {
        shared = parts;
        return parts.workers(name -> {
            Executor usual = new SerialExecutor(name);
            return task -> {
                if (noThreads) {
                    throw new OutOfMemoryError("no thread, for this test");
                }
                usual.execute(task);
            };
        });
    }

    @AfterEach
    void close() {
        edge.close();
    }

    private RawConnection open(String path, String headers) {
        RawConnection client = new RawConnection(edge.port());
        client.send(RawConnection.handshake(path, headers));
        assertThat(client.head()).startsWith("HTTP/1.1 101");
        return client;
    }

    private RawConnection streams() {
        RawConnection client = open("/streams", "Authorization: Bearer ann\r\n");
        client.text("{\"op\":\"ping\",\"id\":1}");
        assertThat(client.messageWith(List.of("{\"op\":\"pong\""))).contains("pong");
        return client;
    }

    private void nothingIsHeld() {
        @Nullable Handle all = Objects.requireNonNull(shared).flow().hold("somebody else", INBOUND_BYTES);
        assertThat(all).as("all that there is for what is worked on").isNotNull();
        Objects.requireNonNull(all).close();
    }

    @Test
    void aMessageThatNoThreadTakesIsLetGoOf() {
        try (RawConnection client = streams()) {
            noThreads = true;
            client.text("{\"op\":\"ping\",\"id\":\"" + LARGE + "\"}");
            assertThat(client.message()).isEqualTo("close 1011");
            nothingIsHeld();
        }
    }

    @Test
    void aClientThatNoThreadLetsInIsNotKept() {
        noThreads = true;
        try (RawConnection client = open("/streams", "Authorization: Bearer ann\r\n")) {
            assertThat(client.messageWith(List.of("end"))).isEqualTo("end");
            nothingIsHeld();
            await().until(() -> edge.metric("tutti.connections", "websocket") == 0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"GOING_AWAY", "PROTOCOL_ERROR", "INTERNAL"})
    void aWebSocketEndsThoughItsEndCannotBeTold(ErrorCode code) {
        try (RawConnection client = open("/ending", "")) {
            client.text(code.name());
            assertThat(client.message()).isEqualTo("end");
        }
    }

    @Test
    void aWebSocketEndsThoughAnotherEndCannotBeAnswered() {
        try (RawConnection client = open("/ending", "")) {
            byte[] both = new byte[14];
            System.arraycopy(RawConnection.frame(0x82, new byte[] {1}, true), 0, both, 0, 7);
            System.arraycopy(RawConnection.frame(0x88, new byte[] {0x3}, true), 0, both, 7, 7);
            client.send(both); // a close frame that breaks the rules
            assertThat(client.message()).isEqualTo("end");
        }
    }

    @Test
    void aWebSocketThatCannotBeToldWhyItIsCutIsCutAllTheSame() throws InterruptedException {
        try (RawConnection client = streams()) {
            withoutMemory();
            edge.edge.revoke("session-ann");
            assertThat(client.message()).isEqualTo("end");
        }
    }

    @Test
    void anEventStreamThatCannotBeToldWhyItIsCutIsCutAllTheSame() throws InterruptedException {
        try (RawConnection client = new RawConnection(edge.port())) {
            client.send("GET /quiet/room:1 HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n");
            assertThat(client.head()).startsWith("HTTP/1.1 200 ");
            assertThat(client.chunk()).isEqualTo(":\n\n");
            withoutMemory();
            edge.edge.revoke("session-ann");
            assertThat(client.rest()).isEmpty();
        }
    }

    private void withoutMemory() throws InterruptedException {
        Channel channel = channels.poll(20, TimeUnit.SECONDS);
        assertThat(channel).isNotNull();
        channel.eventLoop()
                .submit(() -> channel.config().setAllocator(new NoMemory()))
                .sync();
    }
}
