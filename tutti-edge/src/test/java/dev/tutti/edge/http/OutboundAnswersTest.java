package dev.tutti.edge.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Reply;
import dev.tutti.testkit.client.RawConnection;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Answers that nobody reads are within what may wait to be sent, as all else is. */
class OutboundAnswersTest {
    private static final int PAGE_BYTES = 8 << 20; // more than the buffers of a connection take
    private static final String PAGE = "x".repeat(PAGE_BYTES);

    private final AtomicInteger made = new AtomicInteger();
    private final TestEdge edge = new TestEdge(
            settings -> settings.withEventLoops(1)
                    .withAdmission(settings.admission().withBytes(8 << 20, 2 * PAGE_BYTES)),
            builder -> builder.routes(routes -> routes.on("GET", "/page", _ -> Reply.ok(PAGE))
                            .on("POST", "/made", _ -> {
                                made.incrementAndGet();
                                return Reply.ok(PAGE);
                            }))
                    .operator(routes -> routes.on("GET", "/well", _ -> Reply.ok(PAGE))));

    @AfterEach
    void stop() {
        edge.close();
    }

    /** A client with a small buffer that has been answered, and has read no more than the head. */
    private RawConnection unread(String request) {
        RawConnection client = new RawConnection(edge.port(), 4_096).send(request);
        assertThat(client.head()).startsWith("HTTP/1.1 200 ");
        return client;
    }

    private static String request(String method, String path) {
        return method + " " + path + " HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n";
    }

    @Test
    void whatDoesNotFitIsOverloadedUntilAnotherOneIsReadOrGone() {
        String page = request("GET", "/page");
        try (RawConnection _ = unread(page);
                RawConnection next = new RawConnection(edge.port())) {
            try (RawConnection _ = unread(page)) {
                assertThat(next.send(page).answer())
                        .startsWith("HTTP/1.1 503 ")
                        .containsIgnoringCase("retry-after: 1")
                        .contains("\"code\":\"overloaded\"");
            }
            await().until(() -> next.send(page).answer().startsWith("HTTP/1.1 200 "));
        }
    }

    @Test
    void whatOperatorsAskIsAnsweredAllTheSame() {
        String page = request("GET", "/page");
        try (RawConnection _ = unread(page);
                RawConnection _ = unread(page);
                RawConnection _ = unread(request("GET", "/well"))) {
            assertThat(edge.metric("tutti.refusals", "overloaded")).isZero();
        }
    }

    @Test
    void whatWasDoneIsToldAndNothingMoreIsDone() {
        String page = request("GET", "/page");
        String make = request("POST", "/made");
        try (RawConnection _ = unread(page);
                RawConnection _ = unread(page);
                RawConnection _ = unread(make);
                RawConnection next = new RawConnection(edge.port())) {
            assertThat(next.send(make).answer()).startsWith("HTTP/1.1 503 ").contains("overloaded");
            assertThat(made).hasValue(1);
        }
    }

    @Test
    void aClientThatTakesNothingOfItsAnswerIsDisconnected() {
        try (TestEdge strict = new TestEdge(
                        settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withRequest(Duration.ofSeconds(1))),
                        builder -> builder.routes(routes -> routes.on("GET", "/page", _ -> Reply.ok(PAGE))));
                RawConnection silent = new RawConnection(strict.port(), 4_096).send(request("GET", "/page"))) {
            assertThat(silent.head()).startsWith("HTTP/1.1 200 ");
            await().until(() -> strict.metric("tutti.refusals", "slow_consumer") == 1);
            assertThat(silent.rest().length()).isLessThan(PAGE_BYTES);
        }
    }

    @Test
    void whoReadsNothingAndAsksOnIsDisconnected() {
        String page = request("GET", "/page");
        try (RawConnection greedy = unread(page);
                RawConnection _ = unread(page)) {
            greedy.send(page);
            await().until(() -> edge.metric("tutti.refusals", "slow_consumer") == 1);
            assertThat(greedy.rest().length()).isLessThan(PAGE_BYTES);
        }
    }
}
