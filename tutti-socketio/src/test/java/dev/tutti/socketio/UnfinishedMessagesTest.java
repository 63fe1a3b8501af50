package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.flow.FlowMetrics;
import io.micrometer.core.instrument.Counter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Messages that lack attachments count for the address that sent them, and are not waited for without end. */
class UnfinishedMessagesTest {
    private static final int MAX = 64 * 1024;
    private static final int PART = 14_000;
    private static final EdgeSettings SMALL = EdgeSettings.DEFAULT
            .withSizes(new EdgeSettings.Sizes(8192, 16384, MAX))
            .withAdmission(
                    EdgeSettings.DEFAULT.admission().withBytes(4L * MAX, 64L << 20)); // half of it for one address
    private static final String PLACEHOLDER = "{\"_placeholder\":true,\"num\":0}";

    private static RunningServer server(EdgeSettings edge, SocketIoSettings settings) {
        return new RunningServer(
                edge,
                settings,
                io -> io.namespace("/")
                        .onConnection(socket -> socket.on(
                                "echo",
                                message -> message.reply(message.arguments().toArray()))));
    }

    private static double overloaded(RunningServer server) {
        return server.tutti.meters().find(FlowMetrics.REFUSALS).tag(FlowMetrics.CODE, "overloaded").counters().stream()
                .mapToDouble(Counter::count)
                .sum();
    }

    @Test
    void whatWaitsForAttachmentsCountsAndIsGivenBack() {
        String text = "x".repeat(PART);
        try (RunningServer server = server(SMALL, SocketIoSettings.DEFAULT);
                EngineClient client = new EngineClient(server)) {
            for (int i = 0; i < 20; i++) { // twice as much as one address may have
                client.connectedWebSocket().sendIfOpen("451-[\"echo\"," + PLACEHOLDER + ",\"" + text + "\"]");
            }
            await().until(() -> overloaded(server) > 0);
            client.abandon();
            await().until(() -> server.edge.connections() == 0);

            EngineClient.Frames honest = client.connectedWebSocket();
            for (int i = 0; i < 20; i++) {
                honest.send("451-7[\"echo\"," + PLACEHOLDER + ",\"" + text + "\"]");
                honest.send(new byte[] {5});
                assertThat(honest.next()).isEqualTo("461-7[" + PLACEHOLDER + ",\"" + text + "\"]");
                assertThat(honest.next()).isEqualTo("x05");
            }
        }
    }

    @Test
    void attachmentsThatAreDroppedDoNotCount() {
        try (RunningServer server = server(SMALL, SocketIoSettings.DEFAULT);
                EngineClient client = new EngineClient(server)) {
            EngineClient.Frames socket = client.connectedWebSocket();
            for (int i = 0; i < 5; i++) {
                socket.send("455-8[\"echo\"," + PLACEHOLDER + "]"); // too large from the fifth on
                sendParts(socket, 5);
                assertThat(socket.next()).startsWith("438[{\"error\":{\"code\":\"bad_request\"");
            }
            socket.send(
                    "4512-9[\"echo\"," + PLACEHOLDER + "]"); // too many, and more together than one address may have
            sendParts(socket, 12);
            assertThat(socket.next()).startsWith("439[{\"error\":{\"code\":\"bad_request\"");
        }
    }

    private static void sendParts(EngineClient.Frames socket, int parts) {
        for (int i = 0; i < parts; i++) {
            socket.send(new byte[PART]);
        }
    }

    @Test
    void aClientThatAnswersPingsAndSendsNoAttachmentIsSentAway() {
        EdgeSettings edge = EdgeSettings.DEFAULT.withTimes(EdgeSettings.Times.DEFAULT.withPing(Duration.ofMillis(300)));
        try (RunningServer server = server(edge, SocketIoSettings.DEFAULT.withPingTimeout(Duration.ofSeconds(2)));
                EngineClient client = new EngineClient(server)) {
            EngineClient.Frames socket = client.connectedWebSocket();
            socket.send("451-[\"echo\"," + PLACEHOLDER + "]");
            String frame = socket.nextWithPings();
            for (int pings = 0; pings < 40 && frame.equals("2"); pings++) {
                socket.sendIfOpen("3");
                frame = socket.nextWithPings();
            }

            assertThat(frame).isEqualTo("close 1002");
        }
    }
}
