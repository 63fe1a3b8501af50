package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.TestEdge;
import dev.tutti.edge.flow.AdmissionSettings;
import dev.tutti.http.Reply;
import dev.tutti.testkit.client.RawConnection;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What one client takes is missing to nobody else, and what an operator asks is answered whatever goes on. */
class AdmissionTest {
    private static final String STRANGER = "127.0.0.2";
    private static final String GUEST = "127.0.0.3";
    private static final String PUBLISH = String.join(
            "\r\n",
            "POST /api/streams/room:1 HTTP/1.1",
            "Host: x",
            "Authorization: Bearer a",
            "Content-Type: application/json",
            "");
    private static final String EVENT = "{\"type\":\"t\",\"data\":1}";
    private static final String WHOLE = PUBLISH + "Content-Length: " + EVENT.length() + "\r\n\r\n" + EVENT;

    private static final String WELL = "GET /well HTTP/1.1\r\nHost: x\r\n\r\n";

    private final List<RawConnection> clients = new ArrayList<>();

    @AfterEach
    void leave() {
        clients.forEach(RawConnection::close);
    }

    private RawConnection from(String address, TestEdge edge) {
        RawConnection client = new RawConnection(edge.port(), address);
        clients.add(client);
        return client;
    }

    private String opening(String address, TestEdge edge) {
        return from(address, edge).send(RawConnection.handshake("/ws", "")).head();
    }

    private static TestEdge edge(UnaryOperator<AdmissionSettings> change) {
        return new TestEdge(usual -> usual.withAdmission(change.apply(usual.admission())), builder -> builder);
    }

    private static AdmissionSettings share(EdgeSettings settings, int percent) {
        return settings.admission().withAddressPercent(percent);
    }

    @Test
    void permitsAreLeftForOthersByWhoTakesMany() {
        try (TestEdge edge = new TestEdge(
                settings -> settings.withMaxConnections(40).withAdmission(share(settings, 50)), builder -> builder)) {
            int opened = 0;
            while (opened < 40 && opening(STRANGER, edge).startsWith("HTTP/1.1 101")) {
                opened++;
            }
            assertThat(opened).isLessThanOrEqualTo(20);
            assertThat(opening(STRANGER, edge)).startsWith("HTTP/1.1 503");
            assertThat(opening(GUEST, edge)).startsWith("HTTP/1.1 101");
        }
    }

    @Test
    void whoHasLoggedInDoesNotCountForTheAddressAnyMore() {
        try (TestEdge edge = new TestEdge(
                settings -> settings.withMaxConnections(40).withAdmission(share(settings, 50)), builder -> builder)) {
            for (int i = 0; i < 30; i++) {
                RawConnection client = from(STRANGER, edge).send(RawConnection.handshake("/ws", ""));
                assertThat(client.head()).startsWith("HTTP/1.1 101");
                client.frame();
                client.send(RawConnection.frame(0x81, auth("user-" + i), true));
                assertThat(client.message()).contains("\"ok\"");
            }
        }
    }

    private static byte[] auth(String token) {
        return ("{\"op\":\"auth\",\"token\":\"" + token + "\"}").getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void aStrangerMaySendAFewTokensAndNothingMore() {
        try (TestEdge edge = new TestEdge()) {
            RawConnection large = from(STRANGER, edge).send(RawConnection.handshake("/ws", ""));
            large.head();
            large.frame();
            large.trySend(RawConnection.frame(0x81, new byte[100_000], true));
            assertThat(large.message()).startsWith("close");
            RawConnection pings = from(STRANGER, edge).send(RawConnection.handshake("/ws", ""));
            pings.head();
            pings.frame();
            for (int i = 0; i < 200; i++) {
                pings.trySend(RawConnection.frame(0x89, new byte[0], true));
            }
            assertThat(pings.messageWith(List.of("close"))).startsWith("close");
            RawConnection known = RawConnection.webSocket(edge.port(), "ann");
            clients.add(known);
            known.text("{\"op\":\"publish\",\"id\":1,\"stream\":\"room:1\",\"type\":\"t\",\"data\":\""
                    + "x".repeat(100_000) + "\"}");
            assertThat(known.messageWith(List.of("{\"op\":\"ok\"", "{\"op\":\"error\"")))
                    .startsWith("{\"op\":\"ok\"");
        }
    }

    @Test
    void bodiesThatOneHoldsDoNotKeepOthersFromSending() {
        try (TestEdge edge = edge(admission -> admission.withBytes(8 << 20, 8 << 20))) {
            String half = PUBLISH + "Content-Length: 1000000\r\n\r\n" + "x".repeat(999_999);
            for (int i = 0; i < 12; i++) {
                from(STRANGER, edge).trySend(half);
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") > 0);
            assertThat(from(GUEST, edge).send(WHOLE).head()).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void messagesThatOneHoldsDoNotKeepOthersFromSending() {
        try (TestEdge edge = edge(admission -> admission.withBytes(1 << 20, 8 << 20))) {
            byte[] half = Arrays.copyOf(RawConnection.frame(0x81, new byte[1_000_000], true), 900_000);
            for (int i = 0; i < 8; i++) {
                RawConnection flood = RawConnection.webSocket(edge.port(), "ann");
                clients.add(flood);
                flood.trySend(half);
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") > 0);
            RawConnection guest = RawConnection.webSocket(edge.port(), "bob");
            clients.add(guest);
            guest.text("{\"op\":\"publish\",\"id\":1,\"stream\":\"room:1\",\"type\":\"t\",\"data\":1}");
            assertThat(guest.messageWith(List.of("{\"op\":\"ok\"", "{\"op\":\"error\"")))
                    .startsWith("{\"op\":\"ok\"");
        }
    }

    @Test
    void aPingBetweenFragmentsDoesNotMakeRoomForMoreOfThem() {
        try (TestEdge edge = edge(admission -> admission.withBytes(1 << 20, 8 << 20))) {
            byte[] half = RawConnection.frame(0x01, new byte[900_000], true);
            for (int i = 0; i < 8; i++) {
                RawConnection flood = RawConnection.webSocket(edge.port(), "ann");
                clients.add(flood);
                flood.trySend(half).trySend(RawConnection.frame(0x89, new byte[0], true));
                assertThat(answer(flood).opcode()).isIn(8, 10); // one at a time
            }
            assertThat(edge.metric("tutti.refusals", "overloaded")).isPositive();
        }
    }

    /** The next frame that is no ping of the server's own. */
    private static RawConnection.Frame answer(RawConnection client) {
        RawConnection.Frame frame = client.frame();
        while (frame.opcode() == 9) {
            frame = client.frame();
        }
        return frame;
    }

    /** They are answered at once, however many come: what holds on to nothing has no part of what there is. */
    @Test
    void pingsBeforeAMessageAndInTheMidstOfItTakeNoRoom() {
        try (TestEdge edge = edge(admission -> admission.withAddressPercent(1).withBytes(1 << 20, 8 << 20))) {
            RawConnection client = RawConnection.webSocket(edge.port(), "ann");
            clients.add(client);
            byte[] ping = RawConnection.frame(0x89, new byte[125], true);
            for (String part : new String[] {"{\"op\":", "\"ping\","}) {
                for (int i = 0; i < 400; i++) { // more than one address may have
                    client.trySend(ping);
                    assertThat(answer(client).opcode()).isEqualTo(10); // so each is read on its own
                }
                int first = part.startsWith("{") ? 0x01 : 0x00;
                client.trySend(RawConnection.frame(first, part.getBytes(StandardCharsets.UTF_8), true));
            }
            client.trySend(RawConnection.frame(0x80, "\"id\":1}".getBytes(StandardCharsets.UTF_8), true));
            assertThat(client.message()).isEqualTo("{\"op\":\"pong\",\"id\":1}");
        }
    }

    @Test
    void messagesThatAClientOfAProxyHoldsDoNotKeepItsOthersFromSending() {
        try (TestEdge edge = new TestEdge(
                settings -> settings.withAdmission(settings.admission().withBytes(1 << 20, 8 << 20))
                        .withTrustedProxies(Set.of("127.0.0.1")),
                builder -> builder)) {
            byte[] whole = RawConnection.frame(0x81, new byte[900_000], true);
            byte[] half = Arrays.copyOf(whole, 850_000);
            for (int i = 0; i < 8; i++) {
                through(edge, "10.0.0.1").trySend(half);
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") > 0);
            assertThat(through(edge, "10.0.0.2").trySend(whole).message()).startsWith("{\"op\":\"error\"");
        }
    }

    /** A client of {@code address} that has logged in, through a proxy. */
    private RawConnection through(TestEdge edge, String address) {
        RawConnection client = new RawConnection(edge.port());
        clients.add(client);
        client.send(
                RawConnection.handshake("/ws", "Authorization: Bearer ann\r\nX-Forwarded-For: " + address + "\r\n"));
        assertThat(client.head()).startsWith("HTTP/1.1 101");
        client.frame();
        return client;
    }

    @Test
    void aHandshakeThatIsNotOneTakesNoPermit() {
        try (TestEdge edge = new TestEdge(settings -> settings.withMaxConnections(1), builder -> builder)) {
            assertThat(opening(GUEST, edge)).startsWith("HTTP/1.1 101");
            assertThat(opening(GUEST, edge)).startsWith("HTTP/1.1 503");
            String wrong = RawConnection.handshake("/ws", "").replace("Version: 13", "Version: 12");
            assertThat(from(GUEST, edge).send(wrong).head()).startsWith("HTTP/1.1 415");
        }
    }

    @Test
    void requestsAreLeftForOthers() throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        try (TestEdge edge = new TestEdge(
                settings -> settings.withMaxRequests(40),
                builder -> builder.routes(routes -> routes.on("GET", "/hang", _ -> {
                            never.await();
                            return Reply.ok("late");
                        }))
                        .operator(routes -> routes.on("GET", "/well", _ -> Reply.ok("well"))))) {
            for (int i = 0; i < 40; i++) {
                from(STRANGER, edge).send("GET /hang HTTP/1.1\r\nHost: x\r\n\r\n");
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") > 0);
            assertThat(from(GUEST, edge).send(WHOLE).head()).startsWith("HTTP/1.1 201");
            assertThat(from(STRANGER, edge).send(WELL).head()).startsWith("HTTP/1.1 200");
            never.countDown();
        }
    }

    @Test
    void theOperatorsPortHasTheOperatorsRoutesAndNothingElse() {
        try (TestEdge edge = new TestEdge(
                settings -> settings.withOperatorPort(0),
                builder -> builder.operator(routes -> routes.on("GET", "/well", _ -> Reply.ok("well"))))) {
            assertThat(from(GUEST, edge).send(WELL).head()).startsWith("HTTP/1.1 404");
            try (RawConnection operator = new RawConnection(edge.edge.operatorPort())) {
                assertThat(operator.send(WELL).head()).startsWith("HTTP/1.1 200");
            }
            try (RawConnection operator = new RawConnection(edge.edge.operatorPort())) {
                assertThat(operator.send(WHOLE).head()).startsWith("HTTP/1.1 404");
            }
        }
    }

    @Test
    void theOperatorsPortAnswersWhileTheEventLoopsAreBusy() {
        CountDownLatch over = new CountDownLatch(1);
        try (TestEdge edge = new TestEdge(
                settings -> settings.withOperatorPort(0).withEventLoops(1),
                builder -> builder.endpoint(_ -> new BusyEndpoint(over))
                        .operator(routes -> routes.on("GET", "/well", _ -> Reply.ok("well"))))) {
            RawConnection busy = from(STRANGER, edge).send("GET /busy HTTP/1.1\r\nHost: x\r\n\r\n");
            RawConnection waiting = from(GUEST, edge).send(WHOLE);
            try (RawConnection operator = new RawConnection(edge.edge.operatorPort())) {
                assertThat(operator.send(WELL).head()).startsWith("HTTP/1.1 200");
            }
            over.countDown();
            assertThat(busy.head()).startsWith("HTTP/1.1 204");
            assertThat(waiting.head()).startsWith("HTTP/1.1 201");
        }
    }

    /** An endpoint that keeps its event loop busy, as large messages do. */
    private record BusyEndpoint(CountDownLatch over) implements Endpoint {
        @Override
        public String path() {
            return "/busy";
        }

        @Override
        public void handle(Exchange exchange) {
            try {
                over.await();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
            }
            exchange.send(204);
        }

        @Override
        public List<Runnable> drainTasks() {
            return List.of();
        }
    }

    @Test
    void onWhatOperatorsAskAnAddressHasItsShareToo() {
        CountDownLatch over = new CountDownLatch(1);
        try (TestEdge edge = new TestEdge(
                settings -> settings.withEventLoops(1),
                builder -> builder.operator(routes -> routes.on("GET", "/well", _ -> {
                    over.await();
                    return Reply.ok("well");
                })))) {
            for (int i = 0; i < 80; i++) {
                from(STRANGER, edge).send(WELL);
            }
            await().until(() -> edge.metric("tutti.refusals", "overloaded") >= 80 - 65);
            RawConnection operator = from(GUEST, edge).send(WELL);
            assertThat(from(GUEST, edge).send(WHOLE).head())
                    .startsWith("HTTP/1.1 201"); // the one before it was seen, too
            over.countDown();
            assertThat(operator.head()).startsWith("HTTP/1.1 200");
        }
    }

    @Test
    void connectionsOfOneAddressAreNotAll() {
        try (TestEdge edge = edge(admission -> admission.withSockets(40))) {
            for (int i = 0; i < 40; i++) {
                from(STRANGER, edge);
            }
            await().until(() -> edge.metric("tutti.refusals", "instance_full") > 0);
            assertThat(from(GUEST, edge).send(WHOLE).head()).startsWith("HTTP/1.1 201");
        }
    }

    @Test
    void anEventStreamOfHttp10EndsWithTheConnection() {
        try (TestEdge edge = new TestEdge()) {
            RawConnection client = from(GUEST, edge)
                    .send(
                            "GET /api/streams/room:1/events?after=0 HTTP/1.0\r\nHost: x\r\nAuthorization: Bearer a\r\n\r\n");
            String head = client.head();
            assertThat(head).startsWith("HTTP/1.0 200").doesNotContainIgnoringCase("transfer-encoding");
            edge.append("room:1", "said", "{\"n\":1}");
            String line = client.line();
            while (line.isEmpty() || line.equals(":")) { // heartbeats come at any time
                line = client.line();
            }
            assertThat(line).isEqualTo("id: 1");
            assertThat(client.line()).startsWith("event: ");
            assertThat(client.line()).contains("{\"n\":1}");
        }
    }
}
