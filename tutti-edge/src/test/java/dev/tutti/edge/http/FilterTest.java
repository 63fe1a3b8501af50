package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Routes;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class FilterTest {
    private static final Filter FIRST = (request, next) -> next.handle(request).with("X-Order", "first");
    private static final Filter SECOND = (request, next) -> next.handle(request).with("X-Order", "second");
    private static final Filter CLOSED = (request, next) ->
            request.query("open").isPresent() ? next.handle(request) : new Reply(410, List.of(), null);

    private static final TestEdge EDGE =
            new TestEdge(settings -> settings, builder -> builder.routes(FilterTest::routes));

    private static Principal known(Handshake handshake) {
        String name = Optional.ofNullable(handshake.headers().get("x-name"))
                .orElseThrow(() -> new TuttiException(ErrorCode.UNAUTHENTICATED, "the header X-Name is missing"));
        return new Principal(name, "session of " + name, Instant.MAX);
    }

    private static void routes(Routes routes) {
        routes.on("GET", "/open", request -> Reply.ok(request.principal().id()));
        routes.through(Filter.authenticated(FilterTest::known))
                .on("GET", "/me", request -> Reply.ok(request.principal().id()));
        routes.through(FIRST.around(SECOND)).on("GET", "/ordered", _ -> Reply.empty());
        routes.through(CLOSED).through(FIRST).on("GET", "/closed", _ -> Reply.empty());
    }

    @AfterAll
    static void close() {
        EDGE.close();
    }

    private static HttpResponse<String> get(String path, String... headers) {
        return send(EDGE.to(path, headers));
    }

    @Test
    void aHandlerBehindAuthenticationKnowsWhoAsks() {
        assertThat(get("/me", "X-Name", "ann").body()).isEqualTo("ann");
        assertThat(get("/me").statusCode()).isEqualTo(401);
        assertThat(get("/me").body()).contains("unauthenticated", "X-Name is missing");
    }

    @Test
    void whereNobodyFoundOutWhoAsksThereIsNobody() {
        assertThat(get("/open", "X-Name", "ann").statusCode()).isEqualTo(401);
    }

    @Test
    void theOuterFilterHasTheLastWord() {
        assertThat(get("/ordered").headers().allValues("X-Order")).containsExactly("first");
    }

    @Test
    void aFilterMayAnswerItself() {
        assertThat(get("/closed").statusCode()).isEqualTo(410);
        assertThat(get("/closed?open").statusCode()).isEqualTo(204);
        assertThat(get("/closed?open").headers().firstValue("X-Order")).contains("first");
    }
}
