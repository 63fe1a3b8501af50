package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.edge.feed.FeedRoutes;
import dev.tutti.feed.FeedKey;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.socket.FeedAccess;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Limits of a real edge, counted in memory. */
class RequestLimitsTest {
    private static final String RULES =
            "POST /login by address: 2 per 1h; /me by account: 3 per 1h; /me by key: 1 per 1h;"
                    + " /search by route: 100 per 1m; /search by address: 5 per 1h burst 2; /fails by address: 7 per 1h;"
                    + " GET /api/feeds/* by account: 2 per 1h; PUT /api/feeds/* by key: 1 per 1h";

    private final AtomicInteger handled = new AtomicInteger();
    private Tutti tutti;
    private Edge edge;

    @BeforeEach
    void start() {
        tutti = Tutti.on(MemoryBackend.open()).start();
        edge = Edge.of(tutti)
                .settings(EdgeSettings.DEFAULT
                        .withAddress("127.0.0.1", 0)
                        .withTrustedProxies(Set.of("127.0.0.1"))
                        .withOrigins(Set.of("https://app.example")))
                .limits(new RequestLimits(
                        LimitRule.parse(RULES),
                        tutti.limits(),
                        who -> who.session().equals("key")))
                .routes(routes -> routes.on("POST", "/login", _ -> handled())
                        .on("GET", "/login", _ -> handled())
                        .on("GET", "/search", _ -> handled())
                        .on("GET", "/fails", _ -> {
                            throw new IllegalStateException("a defect");
                        })
                        .through(Filter.authenticated(RequestLimitsTest::known))
                        .on("GET", "/me", _ -> handled()))
                .routes(routes -> FeedRoutes.add(
                        routes, new FeedGate(tutti.feeds(), RequestLimitsTest::known, new Publishers()), tutti.json()))
                .start();
    }

    /** Everybody publishes. */
    private static final class Publishers implements FeedAccess {
        @Override
        public boolean isPublic(FeedKey key) {
            return key.kind().equals("public");
        }

        @Override
        public boolean mayRead(Principal who, FeedKey key) {
            return true;
        }

        @Override
        public boolean mayPublish(Principal who, FeedKey key) {
            return true;
        }
    }

    @AfterEach
    void close() {
        edge.close();
        tutti.close();
    }

    private Reply handled() {
        return Reply.ok(handled.incrementAndGet());
    }

    private static Principal known(Handshake handshake) {
        String name = handshake.headers().getOrDefault("x-name", "nobody");
        return new Principal(name, handshake.headers().getOrDefault("x-session", "session"), Instant.MAX);
    }

    private HttpResponse<String> ask(String method, String path, String... headers) {
        return send(TestEdge.to(edge, path, headers)
                .method(
                        method,
                        method.equals("POST")
                                ? HttpRequest.BodyPublishers.ofString("x".repeat(100_000))
                                : HttpRequest.BodyPublishers.noBody()));
    }

    private HttpResponse<String> from(String address, String method, String path) {
        return ask(method, path, "X-Forwarded-For", address);
    }

    private static String header(HttpResponse<?> response, String name) {
        return String.join(" | ", response.headers().allValues(name));
    }

    @Test
    void anAddressIsToldWhatIsLeftAndThenRefused() {
        HttpResponse<String> first = from("10.0.0.1", "POST", "/login");
        assertThat(first.statusCode()).isEqualTo(200);
        assertThat(header(first, "RateLimit-Policy")).isEqualTo("\"POST /login by address\";q=2;w=3600");
        assertThat(header(first, "RateLimit")).isEqualTo("\"POST /login by address\";r=1;t=1800");
        assertThat(header(first, "RateLimit-Limit")).isEqualTo("2");
        assertThat(header(first, "RateLimit-Remaining")).isEqualTo("1");
        assertThat(header(first, "RateLimit-Reset")).isEqualTo("1800");
        assertThat(header(first, "Retry-After")).isEmpty();
        assertThat(from("10.0.0.1", "POST", "/login").statusCode()).isEqualTo(200);

        HttpResponse<String> refused = from("10.0.0.1", "POST", "/login");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(refused.body()).contains("\"rate_limited\"", "POST /login by address");
        assertThat(Integer.parseInt(header(refused, "Retry-After"))).isBetween(1_700, 1_800);
        assertThat(header(refused, "RateLimit"))
                .isEqualTo("\"POST /login by address\";r=0;t=" + header(refused, "Retry-After"));
        assertThat(handled).hasValue(2);

        assertThat(from("10.0.0.1", "GET", "/login").statusCode()).isEqualTo(200); // another method
        assertThat(from("10.0.0.2", "POST", "/login").statusCode()).isEqualTo(200); // another address
    }

    @Test
    void anAddressThatAClientWritesBeforeTheProxysDoesNotCount() {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> answer =
                    ask("POST", "/login", "X-Forwarded-For", "10.9.9." + i, "X-Forwarded-For", "10.0.0.1");
            assertThat(answer.statusCode()).isEqualTo(i < 2 ? 200 : 429);
        }
    }

    @Test
    void ofIpv6ANetworkCountsAsOneAddress() {
        assertThat(from("2001:db8::1", "POST", "/login").statusCode()).isEqualTo(200);
        assertThat(from("2001:db8::2", "POST", "/login").statusCode()).isEqualTo(200);
        assertThat(from("2001:db8::3", "POST", "/login").statusCode()).isEqualTo(429);
        assertThat(from("2001:db8:0:1::1", "POST", "/login").statusCode()).isEqualTo(200);
    }

    @Test
    void accountsAndKeysAreCountedWhenItIsKnownWhoAsks() {
        for (int i = 0; i < 3; i++) {
            assertThat(ask("GET", "/me", "X-Name", "ann").statusCode()).isEqualTo(200);
        }
        HttpResponse<String> refused = ask("GET", "/me", "X-Name", "ann");
        assertThat(refused.statusCode()).isEqualTo(429);
        assertThat(header(refused, "RateLimit")).startsWith("\"/me by account\";r=0;t=1");
        assertThat(ask("GET", "/me", "X-Name", "bob").statusCode()).isEqualTo(200);
        assertThat(ask("GET", "/me", "X-Name", "tool", "X-Session", "key").statusCode())
                .isEqualTo(200);
        HttpResponse<String> tool = ask("GET", "/me", "X-Name", "tool", "X-Session", "key");
        assertThat(tool.statusCode()).isEqualTo(429);
        assertThat(header(tool, "RateLimit-Policy")).isEqualTo("\"/me by key\";q=1;w=3600");
    }

    @Test
    void feedsCountForWhoReadsAndPublishesThem() {
        for (int i = 0; i < 3; i++) {
            assertThat(ask("GET", "/api/feeds/score:1", "X-Name", "ann").statusCode())
                    .isEqualTo(i < 2 ? 404 : 429);
            assertThat(ask("GET", "/api/feeds/public:1", "X-Name", "ann").statusCode())
                    .isEqualTo(404); // nobody is asked who that is
        }
        assertThat(ask("GET", "/api/feeds/score:1", "X-Name", "bob").statusCode())
                .isEqualTo(404);
        for (int i = 0; i < 3; i++) {
            assertThat(ask("PUT", "/api/feeds/score:1", "X-Name", "tool", "X-Session", "key")
                            .statusCode())
                    .isEqualTo(i < 1 ? 415 : 429);
        }
    }

    @Test
    void severalRulesAreToldTogetherAndTheNearestInTheOlderFields() {
        HttpResponse<String> answer = from("10.0.0.1", "GET", "/search");
        assertThat(header(answer, "RateLimit-Policy"))
                .isEqualTo("\"/search by route\";q=100;w=60, \"/search by address\";q=5;w=3600");
        assertThat(header(answer, "RateLimit"))
                .startsWith("\"/search by route\";r=99;t=1, \"/search by address\";r=1;t=720");
        assertThat(header(answer, "RateLimit-Limit")).isEqualTo("2");
        assertThat(header(answer, "RateLimit-Remaining")).isEqualTo("1");
    }

    @Test
    void anAnswerThatFailsTellsTooAndCrossOriginPagesMaySeeIt() {
        HttpResponse<String> answer = ask("GET", "/fails", "Origin", "https://app.example");
        assertThat(answer.statusCode()).isEqualTo(500);
        assertThat(header(answer, "RateLimit-Remaining")).isEqualTo("6");
        assertThat(header(answer, "Access-Control-Expose-Headers")).contains("RateLimit-Remaining", "RateLimit,");
    }

    @Test
    void whatIsAllowedAndDeniedIsCountedByRule() {
        for (int i = 0; i < 5; i++) {
            assertThat(from("10.0.0.1", "POST", "/login").statusCode()).isEqualTo(i < 2 ? 200 : 429);
        }
        assertThat(count("allowed")).isEqualTo(2);
        assertThat(count("denied")).isEqualTo(3);
    }

    private double count(String outcome) {
        return tutti.meters()
                .get("tutti.limit.requests")
                .tags("rule", "POST /login by address", "outcome", outcome)
                .counter()
                .count();
    }
}
