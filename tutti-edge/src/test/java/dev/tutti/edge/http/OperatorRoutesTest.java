package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.core.Tutti;
import dev.tutti.core.limit.RateLimits;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Routes;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.testkit.client.RawConnection;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routes of the operator and of clients in one edge: each says how its requests are let in. */
class OperatorRoutesTest {
    private static final String RULES = "/well by route: 1 per 1h; /page by route: 1 per 1h";
    private static final Filter NOTED = (request, next) -> next.handle(request).with("X-Noted", "yes");

    private final Tutti tutti = Tutti.on(MemoryBackend.open()).start();

    @AfterEach
    void close() {
        tutti.close(); // and its edges
    }

    private static Reply thread() {
        return Reply.ok(Thread.currentThread().getName());
    }

    private static void well(Routes routes) {
        routes.through(NOTED).on("GET", "/well", _ -> thread());
    }

    private Edge.Builder edge() {
        return Edge.of(tutti)
                .limits(new RequestLimits(LimitRule.parse(RULES), RateLimits.local(System::nanoTime), _ -> false))
                .operator(OperatorRoutesTest::well);
    }

    private static HttpResponse<String> get(Edge edge, String path) {
        return send(TestEdge.to(edge, path));
    }

    @Test
    void routesOfTheOperatorAreChargedToNothingAndHaveThreadsOfTheirOwn() {
        Edge edge = edge().routes(routes -> routes.on("GET", "/page", _ -> thread()))
                .start();

        for (int i = 0; i < 3; i++) {
            HttpResponse<String> well = get(edge, "/well");
            assertThat(well.body()).isEqualTo("tutti-operator /well");
            assertThat(well.headers().firstValue("X-Noted"))
                    .as("behind its filter")
                    .contains("yes");
            assertThat(well.headers().firstValue("RateLimit")).isEmpty();
        }
        HttpResponse<String> page = get(edge, "/page");
        assertThat(page.body()).isEqualTo("tutti-http");
        assertThat(page.headers().firstValue("RateLimit")).isPresent();
        assertThat(get(edge, "/page").statusCode()).isEqualTo(429);
    }

    @Test
    void routesOfTheOperatorTakeNoBodyHoweverTheyWereAdded() {
        Edge edge = edge().operator(routes -> routes.onStream("POST", "/swept", _ -> thread()))
                .start();

        assertThat(posted(edge, "")).startsWith("HTTP/1.1 200").endsWith("tutti-operator /swept");
        assertThat(posted(edge, "x")).startsWith("HTTP/1.1 413");
    }

    private static String posted(Edge edge, String body) {
        try (RawConnection client = new RawConnection(edge.port())) {
            String head = "POST /swept HTTP/1.1\r\nHost: x\r\nContent-Length: " + body.length() + "\r\n\r\n";
            return client.send(head + body).answer();
        }
    }

    @Test
    void otherMethodsAreToldWhichThereAre() {
        Edge edge = edge().start();

        HttpResponse<String> refused = send(TestEdge.to(edge, "/well").DELETE());
        assertThat(refused.statusCode()).isEqualTo(405);
        assertThat(refused.headers().firstValue("allow")).contains("GET, HEAD, OPTIONS");
        assertThat(send(TestEdge.to(edge, "/well").method("OPTIONS", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(204);
        assertThat(get(edge, "/well/known").statusCode()).isEqualTo(404);
    }

    @Test
    void aPathIsTheOperatorsOrClientsAtOnePort() {
        Edge.Builder both = edge().routes(routes -> routes.on("POST", "/well", _ -> thread()));
        assertThatThrownBy(both::start)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("POST /well")
                .hasMessageContaining("operator");

        Edge apart = both.settings(EdgeSettings.DEFAULT.withOperatorPort(0)).start();
        assertThat(send(TestEdge.to(apart, "/well").POST(HttpRequest.BodyPublishers.noBody()))
                        .body())
                .isEqualTo("tutti-http");
        assertThat(get(apart, "/well").statusCode()).isEqualTo(405);
        try (RawConnection operator = new RawConnection(apart.operatorPort())) {
            assertThat(operator.send("GET /well HTTP/1.1\r\nHost: x\r\n\r\n").answer())
                    .startsWith("HTTP/1.1 200")
                    .endsWith("tutti-operator /well");
        }
    }
}
