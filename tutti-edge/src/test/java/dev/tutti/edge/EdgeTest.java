package dev.tutti.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.TuttiException;
import dev.tutti.http.Reply;
import dev.tutti.testkit.client.RawConnection;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Isolated;

@Isolated // it looks at the threads of the whole process
class EdgeTest {
    @Test
    void aTakenPortIsNamedAndNothingIsLeftBehind() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> new TestEdge(
                            settings -> settings.withAddress("127.0.0.1", taken.getLocalPort()), builder -> builder))
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContaining("PORT " + taken.getLocalPort())
                    .hasMessageContaining("in use by another process");
        }
        Awaitility.await()
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().startsWith("vert.x-eventloop")));
    }

    @Test
    void allEventLoopsServe() {
        try (TestEdge edge = new TestEdge()) {
            assertThat(edge.port()).isPositive();
            for (int i = 0; i < 10; i++) {
                try (RawConnection client = RawConnection.webSocket(edge.port(), "ann")) {
                    client.text("{\"op\":\"ping\"}");
                    assertThat(client.message()).contains("pong");
                }
            }
        }
    }

    @Test
    void aFullInstanceRefusesNewcomersAndServesTheRest() {
        try (TestEdge edge = new TestEdge(settings -> settings.withMaxConnections(2), builder -> builder);
                RawConnection one = RawConnection.webSocket(edge.port(), "one");
                RawConnection two = RawConnection.webSocket(edge.port(), "two")) {
            for (int i = 0; i < 5; i++) {
                try (RawConnection third = new RawConnection(edge.port())) {
                    third.send(RawConnection.handshake("/ws", "Connection: close\r\n"));
                    assertThat(third.head()).startsWith("HTTP/1.1 503 ").containsIgnoringCase("retry-after: 1");
                }
            }
            assertThat(edge.metric("tutti.refusals", "instance_full")).isEqualTo(5);
            // who fails for another reason takes no place
            try (RawConnection bad = new RawConnection(edge.port())) {
                bad.send(RawConnection.handshake("/ws", "").replace("Version: 13", "Version: 7"));
                bad.head();
            }
            for (RawConnection client : new RawConnection[] {one, two}) {
                client.text("{\"op\":\"ping\"}");
                assertThat(client.message()).contains("pong");
            }
            assertThat(edge.edge.connections()).isEqualTo(2);
            two.sendNoMore();
            Awaitility.await().until(() -> edge.edge.connections() == 1);
            try (RawConnection third = RawConnection.webSocket(edge.port(), "three")) {
                third.text("{\"op\":\"ping\"}");
                assertThat(third.message()).contains("pong");
            }
        }
    }

    @Test
    void drainFinishesWhatIsUnderWayAndSendsTheConnectedElsewhere() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch finish = new CountDownLatch(1);
        try (TestEdge edge = new TestEdge(
                        settings -> settings,
                        builder -> builder.routes(routes -> routes.on("GET", "/slow", _ -> {
                            begun.countDown();
                            finish.await();
                            return Reply.ok("finished");
                        })));
                RawConnection socket = RawConnection.webSocket(edge.port(), "ann");
                RawConnection stream = new RawConnection(edge.port());
                RawConnection idle = new RawConnection(edge.port())) {
            stream.send("GET /api/feed HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ann\r\n\r\n")
                    .head();
            idle.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n").head();
            CompletableFuture<HttpResponse<String>> slow =
                    TestEdge.CLIENT.sendAsync(edge.to("/slow"), HttpResponse.BodyHandlers.ofString());
            Awaitility.await().until(() -> begun.getCount() == 0);

            CompletableFuture<Void> drained =
                    CompletableFuture.runAsync(() -> edge.edge.drain(Duration.ZERO, Duration.ofSeconds(20)));
            assertThat(socket.message()).contains("\"code\":\"going_away\",\"number\":4000");
            assertThat(socket.message()).isEqualTo("close 4000");
            socket.send(RawConnection.frame(0x88, new byte[] {15, (byte) 160}, true));
            assertThat(stream.rest()).contains("\"code\":\"going_away\"");
            assertThat(idle.rest()).contains("not_found");
            Awaitility.await()
                    .untilAsserted(() -> assertThatThrownBy(() -> new RawConnection(edge.port()))
                            .isNotNull());
            assertThat(drained).isNotDone();
            finish.countDown();
            HttpResponse<String> answer = slow.join();
            assertThat(answer.body()).isEqualTo("finished");
            drained.join();
            edge.edge.drain(Duration.ZERO, Duration.ofSeconds(1));
        }
    }

    @Test
    void whatDoesNotEndInTimeIsCut() {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch never = new CountDownLatch(1);
        try (TestEdge edge = new TestEdge(
                settings -> settings,
                builder -> builder.routes(routes -> routes.on("GET", "/never", _ -> {
                    begun.countDown();
                    never.await();
                    return Reply.empty();
                })))) {
            CompletableFuture<HttpResponse<String>> stuck =
                    TestEdge.CLIENT.sendAsync(edge.to("/never"), HttpResponse.BodyHandlers.ofString());
            Awaitility.await().until(() -> begun.getCount() == 0);
            edge.edge.drain(Duration.ZERO, Duration.ofMillis(200));
            assertThatThrownBy(stuck::join)
                    .rootCause()
                    .isInstanceOf(IOException.class)
                    .isNotInstanceOf(HttpTimeoutException.class);
            edge.edge.drain(Duration.ZERO, Duration.ofMillis(200)); // once more does nothing
            never.countDown();
        }
    }

    @Test
    void routesThatClashAreAMistakeOfTheBuilder() {
        assertThatThrownBy(() -> new TestEdge(
                        settings -> settings,
                        builder ->
                                builder.routes(routes -> routes.on("GET", "/api/streams/:other", _ -> Reply.empty()))))
                .hasMessageContaining("clashes with /api/streams/:name");
    }
}
