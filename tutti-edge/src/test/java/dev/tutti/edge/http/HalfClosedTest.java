package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.edge.Endpoint;
import dev.tutti.edge.TestEdge;
import dev.tutti.testkit.client.RawConnection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Clients that end their side of a connection behind a request, and read on (RFC 9112, section 9.6). */
class HalfClosedTest {
    private static final String EVENT = "{\"type\":\"t\",\"data\":1}";
    private static final String WHOLE = String.join(
            "\r\n",
            "POST /api/streams/room:1 HTTP/1.1",
            "Host: x",
            "Authorization: Bearer a",
            "Content-Type: application/json",
            "Content-Length: " + EVENT.length(),
            "",
            EVENT);

    private static RawConnection ended(TestEdge edge, String request) {
        return new RawConnection(edge.port()).send(request).sendNoMore();
    }

    private static String get(String path) {
        return "GET " + path + " HTTP/1.1\r\nHost: x\r\n\r\n";
    }

    @Test
    void aRequestIsAnsweredAndHalfOfOneIsNot() {
        try (TestEdge edge = new TestEdge()) {
            for (int i = 0; i < 20; i++) {
                try (RawConnection whole = ended(edge, WHOLE)) {
                    assertThat(whole.rest()).startsWith("HTTP/1.1 201");
                }
            }
            try (RawConnection half = ended(edge, WHOLE.substring(0, WHOLE.length() - 3))) {
                assertThat(half.rest()).isEmpty();
            }
        }
    }

    /** Requests and ends are seen at once by an event loop that was busy, before the answers, which come from elsewhere. */
    @Test
    void aRequestThatAnEndpointAnswersLaterIsAnsweredToo() {
        CompletableFuture<Boolean> over = new CompletableFuture<>();
        try (TestEdge edge = new TestEdge(
                        settings -> settings.withEventLoops(1),
                        builder -> builder.endpoint(_ -> new Answering("/busy", exchange -> {
                                    over.join();
                                    exchange.send(204);
                                }))
                                .endpoint(_ -> new Answering(
                                        "/late", exchange -> exchange.onLoop(() -> exchange.send(204)))));
                RawConnection busy = new RawConnection(edge.port()).send(get("/busy"));
                RawConnection late = ended(edge, get("/late"));
                RawConnection refused = ended(edge, get("/api/streams/room:1/events"))) {
            over.complete(true);
            assertThat(busy.head()).startsWith("HTTP/1.1 204");
            assertThat(late.rest()).startsWith("HTTP/1.1 204");
            assertThat(refused.rest()).startsWith("HTTP/1.1 401");
        }
    }

    @Test
    void aRequestWhoseAnswerHasNoEndIsOverWithItsClientsSide() {
        try (TestEdge edge = new TestEdge();
                RawConnection stream = ended(
                        edge, get("/api/streams/room:1/events").replace("Host", "Authorization: Bearer a\r\nHost"))) {
            assertThat(stream.rest()).doesNotContain("event: ");
        }
    }

    /** An endpoint of one path, on its event loop. */
    private record Answering(String path, Consumer<Exchange> answer) implements Endpoint {
        @Override
        public void handle(Exchange exchange) {
            answer.accept(exchange);
        }

        @Override
        public List<Runnable> drainTasks() {
            return List.of();
        }
    }
}
