package dev.tutti.testkit.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.WebSocketHandshakeException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TextSocketTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String SALT = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private final Api api = new Api();
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private final TextSocket.TextListener listener = new TextSocket.TextListener() {
        @Override
        public void onText(TextSocket socket, String text) {
            heard.add(text);
        }

        @Override
        public void onEnd(String why) {
            heard.add(why);
        }
    };
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void end() throws IOException {
        api.close();
        server.close();
    }

    @Test
    void aTextInPartsIsHandedOverWholeAndTheEndIsTold() throws Exception {
        answer(true, frame(0x01, "one "), frame(0x80, "text"), frame(0x88, "\u0003\u00e9gone"));
        try (TextSocket socket = api.webSocket(address(), null, PATIENCE, listener)) {
            assertThat(next()).isEqualTo("one text");
            assertThat(next()).isEqualTo("closed with 1001 gone");
            assertThat(socket.hasEndedWithin(PATIENCE)).isTrue();
        }
    }

    @Test
    void oneThatIsClosedHasEndedAndTellsNobody() throws Exception {
        answer(true);
        TextSocket socket = api.webSocket(address(), null, PATIENCE, listener);
        assertThat(socket.hasEndedWithin(Duration.ZERO)).isFalse();
        socket.close();
        assertThat(socket.hasEndedWithin(Duration.ZERO)).isTrue();
        assertThat(heard).isEmpty();
    }

    @Test
    void aRefusalIsAnErrorWithItsReason() throws Exception {
        answer(false);
        assertThatThrownBy(() -> api.webSocket(address(), null, PATIENCE, listener))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("cannot connect to ws://127.0.0.1:")
                .hasCauseInstanceOf(WebSocketHandshakeException.class);
    }

    private String next() throws InterruptedException {
        return String.valueOf(heard.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    }

    private URI address() {
        return URI.create("http://127.0.0.1:" + server.getLocalPort() + "/ws");
    }

    /** One byte for each character. */
    private static byte[] frame(int first, String payload) {
        return RawConnection.frame(first, payload.getBytes(StandardCharsets.ISO_8859_1), false);
    }

    /** Answers one request, and sends {@code frames} behind that if it {@code agrees}, on a thread of its own. */
    private void answer(boolean agrees, byte[]... frames) {
        Thread.ofVirtual().start(() -> {
            try (Socket socket = server.accept()) {
                InputStream in = socket.getInputStream();
                StringBuilder head = new StringBuilder();
                for (int next = in.read(); next >= 0; next = in.read()) {
                    head.append((char) next);
                    if (head.indexOf("\r\n\r\n") >= 0) {
                        break;
                    }
                }
                OutputStream out = socket.getOutputStream();
                out.write((agrees ? agreement(head.toString()) : refusal()).getBytes(StandardCharsets.US_ASCII));
                for (byte[] frame : frames) {
                    out.write(frame);
                }
                long _ = in.transferTo(OutputStream.nullOutputStream()); // until the client has gone
            } catch (IOException gone) {
                // so has the client
            }
        });
    }

    private static String refusal() {
        return "HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n";
    }

    private static String agreement(String head) {
        String key = head.replaceAll("(?is).*sec-websocket-key: *([^\r\n]+).*", "$1");
        try {
            byte[] hash = MessageDigest.getInstance("SHA-1").digest((key + SALT).getBytes(StandardCharsets.US_ASCII));
            return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + Base64.getEncoder().encodeToString(hash) + "\r\n\r\n";
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
