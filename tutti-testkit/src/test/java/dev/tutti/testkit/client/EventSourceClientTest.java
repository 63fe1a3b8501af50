package dev.tutti.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class EventSourceClientTest {
    private static final String HEAD =
            "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
    private static final String END = "0\r\n\r\n";

    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        server.close();
    }

    @Test
    void aBlockIsReadWithoutCommentsInWhicheverChunksItComes() {
        answer(":\n\nid: 7\n", ":\nevent: a", "\ndata: 1\n\nid: 8\n\n", "data: 2\ndata:3\n\n");
        try (EventSourceClient client = open()) {
            assertThat(client.head()).isEqualTo(HEAD);
            assertThat(client.block()).containsExactly("id: 7", "event: a", "data: 1");
            assertThat(client.lastEventId()).isEqualTo("7");
            assertThat(client.block()).containsExactly("id: 8");
            assertThat(client.lastEventId()).isEqualTo("8");
            assertThat(client.block()).containsExactly("data: 2", "data:3");
            assertThat(client.lastEventId()).isEqualTo("8");
        }
    }

    @Test
    void anEventIsABlockWithData() {
        answer("id: 1\n\ndata: one\ndata:two\n\n");
        try (EventSourceClient client = open()) {
            assertThat(client.data()).contains("one\ntwo");
            assertThat(client.lastEventId()).isEqualTo("1");
            assertThat(client.data()).isEmpty();
        }
    }

    /** One byte for each character here, so that the two of a letter are in two chunks. */
    @Test
    void aCharacterMayBeginInOneChunkAndEndInTheNext() {
        answer("data: \u00c3", "\u00bc\n\n");
        try (EventSourceClient client = open()) {
            assertThat(client.data()).contains("\u00fc");
        }
    }

    @Test
    void aBlockThatDoesNotEndIsNone() {
        answer("id: 1\ndata: 1\n");
        try (EventSourceClient client = open()) {
            assertThat(client.block()).isEmpty();
            assertThat(client.block()).isEmpty();
            assertThat(client.lastEventId()).isEmpty();
        }
    }

    @Test
    void whatComesBehindTheLastBlockIsThereToBeSeen() {
        answer("data: 1\n\n");
        try (EventSourceClient client = open()) {
            assertThat(client.block()).containsExactly("data: 1");
            assertThat(client.rest()).isEqualTo(END);
        }
    }

    private EventSourceClient open() {
        return new EventSourceClient(server.getLocalPort(), "/events", "Last-Event-ID: 0\r\n");
    }

    /** Answers one request with {@code chunks}, on a thread of its own. */
    private void answer(String... chunks) {
        StringBuilder answer = new StringBuilder(HEAD);
        for (String chunk : chunks) {
            answer.append(Integer.toHexString(chunk.length()))
                    .append("\r\n")
                    .append(chunk)
                    .append("\r\n");
        }
        byte[] bytes = answer.append(END).toString().getBytes(StandardCharsets.ISO_8859_1);
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                socket.getOutputStream().write(bytes);
                socket.shutdownOutput();
                long _ = socket.getInputStream()
                        .transferTo(OutputStream.nullOutputStream()); // until the client has gone
            } catch (IOException gone) {
                // so has the client
            }
        });
    }
}
