package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.testkit.client.RawConnection;
import java.net.http.HttpResponse;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Engine.IO by hand: the points of the official test suite of the protocol's fourth version, and some more. */
class EngineProtocolTest {
    private final RunningServer server = new RunningServer(
            EdgeSettings.DEFAULT.withOrigins(Set.of("https://app.example")), SocketIoSettings.DEFAULT, io -> {
                io.namespace("/").onConnection(socket -> {
                    if (!socket.handshake().auth().isEmpty()) {
                        socket.emit("auth", socket.handshake().auth());
                    }
                    socket.on(
                            "message",
                            message -> socket.emit(
                                    "message-back", message.arguments().toArray()));
                    socket.on(
                            "message-with-ack",
                            message -> message.reply(message.arguments().toArray()));
                });
                io.namespace("/custom")
                        .onConnection(
                                socket -> socket.emit("auth", socket.handshake().auth()));
            });
    private final EngineClient client = new EngineClient(server);

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void aPollingSessionOpensWithEverythingTheClientMustKnow() throws Exception {
        HttpResponse<String> opened = client.get("EIO=4&transport=polling");

        assertThat(opened.statusCode()).isEqualTo(200);
        assertThat(opened.headers().firstValue("content-type")).hasValue("text/plain; charset=UTF-8");
        assertThat(opened.body())
                .matches("0\\{\"sid\":\"[\\w-]{28}\",\"upgrades\":\\[\"websocket\"],\"pingInterval\":25000,"
                        + "\"pingTimeout\":20000,\"maxPayload\":1048576}");
    }

    @Test
    void aWebSocketSessionOpensWithoutUpgrades() {
        assertThat(client.webSocket("EIO=4&transport=websocket").next())
                .matches("0\\{\"sid\":\"[\\w-]{28}\",\"upgrades\":\\[],.*}");
    }

    @ParameterizedTest
    @CsvSource({
        "GET, transport=polling, 5, Unsupported protocol version",
        "GET, EIO=abc&transport=polling, 5, Unsupported protocol version",
        "GET, EIO=3&transport=polling, 5, Unsupported protocol version",
        "GET, EIO=4, 0, Transport unknown",
        "GET, EIO=3&transport=abc, 0, Transport unknown",
        "GET, EIO=4&transport=abc, 0, Transport unknown",
        "GET, EIO=4&transport=websocket, 3, Bad request",
        "GET, EIO=4&transport=polling&j=0, 3, Bad request",
        "POST, EIO=4&transport=polling, 2, Bad handshake method",
        "PUT, EIO=4&transport=polling, 2, Bad handshake method",
        "GET, EIO=4&transport=polling&sid=unknown, 1, Session ID unknown",
        "POST, EIO=4&transport=polling&sid=unknown, 1, Session ID unknown",
        "GET, EIO=4&transport=websocket&sid=unknown, 1, Session ID unknown",
        "POST, EIO=4&transport=websocket&sid=unknown, 1, Session ID unknown",
        "GET, EIO=4&transport=polling&j=0&sid=unknown, 1, Session ID unknown",
        "GET, EIO=3&transport=polling&sid=unknown, 1, Session ID unknown",
        "GET, EIO=4&transport=abc&sid=unknown, 0, Transport unknown",
        "POST, EIO=4&transport=websocket, 2, Bad handshake method",
        "POST, EIO=4&transport=polling&sid=, 2, Bad handshake method"
    })
    void aHandshakeThatIsNotOneIsRefusedAsTheDocumentSays(String method, String query, int code, String message)
            throws Exception {
        HttpResponse<String> refused = client.send(method, query, "");

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(refused.body()).isEqualTo("{\"code\":" + code + ",\"message\":\"" + message + "\"}");
    }

    @Test
    void aRequestByAnotherTransportIsRefusedAndTheSessionStays() throws Exception {
        String session = client.connect();

        HttpResponse<String> refused = client.get(session.replace("polling", "websocket"));

        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).isEqualTo("{\"code\":3,\"message\":\"Bad request\"}");
        assertThat(client.post(session, "42[\"message\",1]").body()).isEqualTo("ok");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "identity, deflate", "br"})
    void anEncodedBodyIsRefusedAndTheSessionStays(String coding) throws Exception {
        String session = client.connect();

        HttpResponse<String> refused = client.post(session, "42[\"message\",1]", "Content-Encoding", coding);

        assertThat(refused.statusCode()).isEqualTo(415);
        assertThat(refused.headers().firstValue("content-type")).hasValue("application/json");
        assertThat(refused.body()).isEqualTo("{\"code\":3,\"message\":\"Unsupported content encoding\"}");
        assertThat(client.post(session, "42[\"message\",2]", "Content-Encoding", "identity")
                        .body())
                .isEqualTo("ok");
        assertThat(client.get(session).body()).isEqualTo("42[\"message-back\",2]");
    }

    @Test
    void severalPacketsGoInOnePayload() throws Exception {
        String session = client.connect();

        assertThat(client.post(
                                session,
                                "42[\"message\",1]\u001e42[\"message\",\"€\"]\u001e452-[\"message\","
                                        + "{\"_placeholder\":true,\"num\":1},{\"_placeholder\":true,\"num\":0}]\u001ebAQID\u001ebBAU=")
                        .body())
                .isEqualTo("ok");

        StringBuilder received = new StringBuilder();
        await().untilAsserted(() -> {
            received.append(client.get(session).body()).append('\u001e');
            assertThat(received.toString())
                    .endsWith("42[\"message-back\",1]\u001e42[\"message-back\",\"€\"]\u001e"
                            + "452-[\"message-back\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]"
                            + "\u001ebBAU=\u001ebAQID\u001e");
        });
    }

    @Test
    void aClientThatEndsItsSideBehindAPollGetsWhatThereIsToAnswer() {
        for (int i = 0; i < 20; i++) { // with luck, the end comes later than the answer
            try (RawConnection opening = endedBehindGet("EIO=4&transport=polling");
                    RawConnection wrong = endedBehindGet("EIO=4&transport=abc")) {
                assertThat(opening.rest()).startsWith("HTTP/1.1 200 ").contains("\"sid\":");
                assertThat(wrong.rest()).startsWith("HTTP/1.1 400 ");
            }
        }
    }

    @Test
    void aPollThatWaitsEndsWithItsClientsSide() throws Exception {
        String session = client.connect();
        assertThat(server.edge.connections()).isEqualTo(1);
        try (RawConnection waiting = endedBehindGet(session)) {
            assertThat(waiting.rest()).isEmpty();
        }
        await().until(() -> server.edge.connections() == 0);
    }

    /** A client that has asked, and says no more. */
    private RawConnection endedBehindGet(String query) {
        return new RawConnection(server.edge.port())
                .send("GET /socket.io/?" + query + " HTTP/1.1\r\nHost: x\r\n\r\n")
                .sendNoMore();
    }

    @Test
    void overlappingPollsEndTheSession() throws Exception {
        String session = client.open();
        CompletableFuture<HttpResponse<String>> one = client.getLater(session);
        CompletableFuture<HttpResponse<String>> other = client.getLater(session); // either may be there first
        boolean inOrder = one.get().statusCode() == 200;
        HttpResponse<String> first = inOrder ? one.get() : other.get();
        HttpResponse<String> second = inOrder ? other.get() : one.get();

        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(first.body()).endsWith("1");
        assertThat(second.statusCode()).isEqualTo(400);
        assertThat(client.get(session).statusCode()).isEqualTo(400);
    }

    @Test
    void theClientClosesItsSession() throws Exception {
        String session = client.open();
        CompletableFuture<HttpResponse<String>> poll = client.getLater(session);
        client.post(session, "1");
        assertThat(poll.get().body())
                .satisfiesAnyOf(
                        answer -> assertThat(answer).isEqualTo("6"),
                        meanwhile -> assertThat(meanwhile).isEqualTo("1"),
                        late -> assertThat(late).contains("Session ID unknown"));
        assertThat(client.get(session).statusCode()).isEqualTo(400);

        EngineClient.Frames socket = client.webSocket("EIO=4&transport=websocket");
        socket.next();
        socket.send("1");
        assertThat(socket.next()).isEqualTo("close 1000");
    }

    @Test
    void aSessionIsUpgradedWithAllThatWaits() throws Exception {
        String session = client.connect();
        client.post(session, "42[\"message\",1]\u001e451-[\"message\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID");
        EngineClient.Frames socket = client.webSocket(session.replace("polling", "websocket"));
        socket.send("2probe");
        assertThat(socket.next()).isEqualTo("3probe");
        socket.send("5");

        assertThat(socket.next()).isEqualTo("42[\"message-back\",1]");
        assertThat(socket.next()).startsWith("451-[\"message-back\"");
        assertThat(socket.next()).isEqualTo("x010203");
        socket.send("42[\"message\",2]");
        assertThat(socket.next()).isEqualTo("42[\"message-back\",2]");
        assertThat(client.get(session).statusCode()).isEqualTo(400);
        assertThatThrownBy(() -> client.webSocket(session.replace("polling", "websocket")))
                .rootCause()
                .hasMessageContaining("400");
        assertThat(server.edge.connections()).isEqualTo(1);
    }

    @Test
    void aProbeEndsTheWaitingPollAndAFailedOneChangesNothing() throws Exception {
        String session = client.connect();
        CompletableFuture<HttpResponse<String>> poll = client.getLater(session);
        EngineClient.Frames socket = client.webSocket(session.replace("polling", "websocket"));
        socket.send("2probe");
        assertThat(poll.get().body()).isEqualTo("6");
        socket.send("4not an upgrade");

        assertThat(socket.next()).isEqualTo("3probe");
        assertThat(socket.next()).isEqualTo("close 1002");
        client.post(session, "42[\"message\",7]");
        await().untilAsserted(() -> assertThat(client.get(session).body()).contains("message-back"));
    }

    @Test
    void aWebSocketCarriesTextBytesAndAcknowledgements() {
        EngineClient.Frames socket = client.webSocket("EIO=4&transport=websocket");
        socket.next();
        socket.send("40{\"token\":\"123\"}");
        assertThat(socket.next()).matches("40\\{\"sid\":\"[\\w-]{28}\"}");
        assertThat(socket.next()).isEqualTo("42[\"auth\",{\"token\":\"123\"}]");

        socket.send("42[\"message\",1,\"2\",{\"3\":[true]}]");
        assertThat(socket.next()).isEqualTo("42[\"message-back\",1,\"2\",{\"3\":[true]}]");
        socket.send("42456[\"message-with-ack\",1,\"2\",{\"3\":[false]}]");
        assertThat(socket.next()).isEqualTo("43456[1,\"2\",{\"3\":[false]}]");
        socket.send(
                "452-789[\"message-with-ack\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        socket.send(new byte[] {1, 2, 3});
        socket.send(new byte[] {4, 5, 6});
        assertThat(socket.next())
                .isEqualTo("462-789[{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        assertThat(socket.next()).isEqualTo("x010203");
        assertThat(socket.next()).isEqualTo("x040506");
    }

    @Test
    void aClientJoinsAndLeavesNamespaces() {
        EngineClient.Frames socket = client.connectedWebSocket();
        socket.send("40/custom,{\"token\":\"abc\"}");
        assertThat(socket.next()).matches("40/custom,\\{\"sid\":\"[\\w-]{28}\"}");
        assertThat(socket.next()).isEqualTo("42/custom,[\"auth\",{\"token\":\"abc\"}]");
        socket.send("40/random");
        assertThat(socket.next()).isEqualTo("44/random,{\"message\":\"Invalid namespace\"}");

        socket.send("41/custom");
        socket.send("42[\"message\",\"message to main namespace\"]");
        assertThat(socket.next()).isEqualTo("42[\"message-back\",\"message to main namespace\"]");
    }

    @Test
    void pagesOfAllowedOriginsMayPollAndOthersMayNot() throws Exception {
        HttpResponse<String> allowed = client.get("EIO=4&transport=polling", "Origin", "https://app.example");
        HttpResponse<String> other = client.get("EIO=4&transport=polling", "Origin", "https://evil.example");
        HttpResponse<String> preflight = client.send(
                "OPTIONS",
                "EIO=4&transport=polling",
                "",
                "Origin",
                "https://app.example",
                "Access-Control-Request-Method",
                "POST");

        assertThat(allowed.headers().firstValue("access-control-allow-origin")).hasValue("https://app.example");
        assertThat(allowed.headers().firstValue("access-control-allow-credentials"))
                .hasValue("true");
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-methods"))
                .isPresent();
    }

    @Test
    void aPageOfAnotherOriginCannotUseTheUsersCookies() throws Exception {
        HttpResponse<String> refused =
                client.get("EIO=4&transport=polling", "Cookie", "tutti_access=x", "Origin", "https://evil.example");

        assertThat(refused.statusCode()).isEqualTo(403);
        assertThat(refused.body()).isEqualTo("{\"code\":4,\"message\":\"Forbidden\"}");
    }

    @Test
    void bytesGoAsTextOverAWebSocketWhoseClientWantsThat() {
        EngineClient.Frames socket = client.webSocket("EIO=4&transport=websocket&b64=1");
        socket.next();
        socket.send("40");
        socket.next();
        socket.send("452-[\"message\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        socket.send("bAQID");
        socket.send(new byte[] {4, 5});

        assertThat(socket.next())
                .isEqualTo(
                        "452-[\"message-back\",{\"_placeholder\":true,\"num\":0},{\"_placeholder\":true,\"num\":1}]");
        assertThat(socket.next()).isEqualTo("bAQID");
        assertThat(socket.next()).isEqualTo("bBAU=");
    }

    @Test
    void bytesThatWaitedForAPollGoAsTextAfterTheUpgradeToo() throws Exception {
        String session = client.connect() + "&b64=1";
        client.post(session, "451-[\"message\",{\"_placeholder\":true,\"num\":0}]\u001ebAQID");
        EngineClient.Frames socket = client.webSocket(session.replace("polling", "websocket"));
        socket.send("2probe");
        assertThat(socket.next()).isEqualTo("3probe");
        socket.send("5");

        assertThat(socket.next()).startsWith("451-[\"message-back\"");
        assertThat(socket.next()).isEqualTo("bAQID");
    }

    @Test
    void aBodyThatIsTooLargeGetsAStatusAndNoMore() throws Exception {
        HttpResponse<String> refused = client.post(client.connect(), "4".repeat(1_100_000));

        assertThat(refused.statusCode()).isEqualTo(413);
        assertThat(refused.body()).isEmpty();
    }
}
