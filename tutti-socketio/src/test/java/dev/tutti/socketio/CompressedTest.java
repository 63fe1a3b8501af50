package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.ReceivedEvents;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.Inflater;
import org.junit.jupiter.api.Test;

/** permessage-deflate under Socket.IO: what a message is compressed to, and that one which is too large then ends it. */
class CompressedTest {
    private static final String LARGE = "x".repeat(20_000);
    private static final String PATH = "/socket.io/?EIO=4&transport=websocket";

    private static RawConnection connected(RunningServer server) {
        RawConnection client = new RawConnection(server.edge.port());
        client.send(RawConnection.handshake(PATH, "Sec-WebSocket-Extensions: permessage-deflate\r\n"));
        assertThat(client.head()).containsIgnoringCase("sec-websocket-extensions: permessage-deflate");
        assertThat(client.message()).startsWith("0{");
        client.text("40");
        assertThat(client.message()).startsWith("40{");
        return client;
    }

    /** A compressed text frame, with a final block. */
    private static byte[] frame(String text) throws Exception {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        try (DeflaterOutputStream out = new DeflaterOutputStream(payload, new Deflater(9, true))) {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        }
        payload.write(0);
        return RawConnection.frame(0xC1, payload.toByteArray(), true);
    }

    @Test
    void eventsAreCompressedBothWays() throws Exception {
        try (RunningServer server = server();
                RawConnection client = connected(server)) {
            client.send(frame("421[\"echo\",\"" + LARGE + "\"]"));
            RawConnection.WireFrame ack = client.wireFrame();
            assertThat(ack.first()).isEqualTo(0xC1);
            assertThat(ack.payload()).hasSizeLessThan(1_000);
            try (Inflater inflater = new Inflater(true)) {
                byte[] plain = new byte[100_000];
                inflater.setInput(ack.payload());
                assertThat(new String(plain, 0, inflater.inflate(plain), StandardCharsets.UTF_8))
                        .isEqualTo("431[\"" + LARGE + "\"]");
            }
        }
    }

    @Test
    void aMessageThatInflatesToTooMuchEndsTheConnection() throws Exception {
        try (RunningServer server = server();
                RawConnection client = connected(server)) {
            client.send(frame("42[\"echo\",\"" + "x".repeat(2_000_000) + "\"]"));
            assertThat(client.message()).isEqualTo("close 1009");
        }
    }

    @Test
    void clientsWithoutItGoOnAsBefore() {
        try (RunningServer server = server()) {
            ReceivedEvents answer = new ReceivedEvents(server.connected("websocket"), "told");
            server.namespace().emit("told", LARGE);
            assertThat(answer.next()[0]).isEqualTo(LARGE);
        }
    }

    private static RunningServer server() {
        return new RunningServer(
                EdgeSettings.DEFAULT.withCompression(true),
                SocketIoSettings.DEFAULT,
                io -> io.namespace("/")
                        .onConnection(socket -> socket.on("echo", message -> message.reply(message.text(0)))));
    }
}
