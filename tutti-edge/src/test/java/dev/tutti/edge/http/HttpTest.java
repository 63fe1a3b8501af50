package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Reply;
import dev.tutti.http.Routes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPInputStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class HttpTest {
    private static final CountDownLatch RELEASE = new CountDownLatch(1);
    private static final TestEdge EDGE = new TestEdge(
            settings -> settings.withOrigins(Set.of("https://app.example")),
            builder -> builder.routes(HttpTest::routes)
                    .assets(new StaticAssets(HttpTest.class.getClassLoader()).mount("/", "page")));

    private record Greeting(String name, int times) {}

    private static void routes(Routes routes) {
        routes.on(
                        "POST",
                        "/hello/:who",
                        request -> Reply.created(Map.of(
                                        "who", request.segment("who"),
                                        "body", request.body(Greeting.class),
                                        "query", request.query("q").orElse(""),
                                        "thread", Thread.currentThread().isVirtual()))
                                .with("Set-Cookie", "a=1")
                                .with("Set-Cookie", "b=2"))
                .on("GET", "/hello/:who", request -> Reply.ok(request.segment("who")))
                .on("GET", "/hello/world", _ -> Reply.ok("literal"))
                .on("DELETE", "/hello/:who", _ -> Reply.empty())
                .on("GET", "/large", _ -> Reply.ok("x".repeat(10_000)))
                .on("GET", "/tagged", _ -> Reply.ok("x".repeat(10_000)).with("ETag", "\"1\""))
                .on(
                        "GET",
                        "/refused",
                        _ -> Reply.refused(412, new TuttiException(ErrorCode.UNSUPPORTED, "not this version"))
                                .with("X-Version", "1"))
                .on("GET", "/broken", _ -> {
                    throw new IOException("secret detail of " + HttpTest.class);
                })
                .on("GET", "/deep", _ -> Reply.ok(overflow(1)));
    }

    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int overflow(int n) {
        return overflow(n + 1) + 1;
    }

    @AfterAll
    static void close() {
        RELEASE.countDown();
        EDGE.close();
    }

    private static HttpRequest.Builder to(String path) {
        return EDGE.to(path);
    }

    private static HttpRequest.BodyPublisher body(String text) {
        return HttpRequest.BodyPublishers.ofString(text);
    }

    @Test
    void aHandlerGetsSegmentsQueryAndBodyOnAVirtualThread() {
        HttpResponse<String> response = send(to("/hello/J%C3%BCrgen%2FX?q=a+b%26")
                .header("Content-Type", "application/json; charset=utf-8")
                .POST(body("{\"name\":\"n\",\"times\":2,\"more\":1}")));
        assertThat(response.statusCode()).isEqualTo(201);
        assertThat(response.body())
                .contains("\"who\":\"Jürgen/X\"", "\"times\":2", "\"query\":\"a b&\"", "\"thread\":true");
        assertThat(response.headers().firstValue("x-instance-id")).contains("edge-1");
        assertThat(response.headers().allValues("set-cookie")).containsExactly("a=1", "b=2");
        assertThat(response.headers().firstValue("cache-control")).contains("no-store");
        assertThat(send(to("/hello/world")).body()).isEqualTo("literal");
        assertThat(send(to("/hello/x").DELETE()).statusCode()).isEqualTo(204);
    }

    /** As the JDK's client does, unless it is told otherwise. */
    @Test
    void aClientThatOffersHttp2IsAnsweredInHttp1() {
        HttpResponse<String> read = send(to("/hello/world").version(HttpClient.Version.HTTP_2));
        assertThat(read.body()).isEqualTo("literal");
        assertThat(read.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
        HttpResponse<String> written = send(to("/hello/x")
                .version(HttpClient.Version.HTTP_2)
                .header("Content-Type", "application/json")
                .POST(body("{\"name\":\"n\",\"times\":2}")));
        assertThat(written.statusCode()).isEqualTo(201);
        assertThat(written.version()).isEqualTo(HttpClient.Version.HTTP_1_1);
    }

    @Test
    void headAnswersAsGetWithoutABody() {
        HttpResponse<String> response = send(to("/hello/abc").method("HEAD", HttpRequest.BodyPublishers.noBody()));
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("content-length")).contains("3");
        assertThat(response.body()).isEmpty();
    }

    @Test
    void aMethodThatIsNotThereIsToldWhichAre() {
        HttpResponse<String> response = send(to("/hello/abc").PUT(body("")));
        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.body()).contains("\"code\":\"method_not_allowed\",\"number\":4210");
        assertThat(response.headers().firstValue("allow")).contains("DELETE, GET, POST, HEAD, OPTIONS");
        HttpResponse<String> options = send(to("/hello/abc").method("OPTIONS", HttpRequest.BodyPublishers.noBody()));
        assertThat(options.statusCode()).isEqualTo(204);
        assertThat(options.headers().firstValue("allow")).contains("DELETE, GET, POST, HEAD, OPTIONS");
    }

    @Test
    void aRefusalWithAStatusAndHeadersOfItsOwnHasTheBodyOfAnyOther() {
        HttpResponse<String> refused = send(to("/refused"));
        assertThat(refused.statusCode()).isEqualTo(412);
        assertThat(refused.headers().firstValue("x-version")).contains("1");
        assertThat(refused.headers().firstValue("content-type")).contains("application/json");
        assertThat(refused.body())
                .isEqualTo("{\"error\":{\"code\":\"unsupported\",\"number\":4209,\"message\":\"not this version\"}}");
        assertThat(send(to("/refused").method("HEAD", HttpRequest.BodyPublishers.noBody()))
                        .statusCode())
                .isEqualTo(412);
    }

    @Test
    void aDefectIsToldByAnIncidentAndNothingElse() {
        for (String path : new String[] {"/broken", "/deep"}) {
            HttpResponse<String> response = send(to(path));
            assertThat(response.statusCode()).isEqualTo(500);
            assertThat(response.body())
                    .contains("\"code\":\"internal\",\"number\":4104,\"message\":\"internal error, incident ")
                    .doesNotContain("secret", "dev.tutti", "Exception");
        }
    }

    @Test
    void largeAnswersAreCompressedForThoseWhoWant() throws IOException, InterruptedException {
        HttpResponse<byte[]> response = TestEdge.CLIENT.send(
                to("/large").header("Accept-Encoding", "br, gzip;q=0.5"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(response.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(response.body()).hasSizeLessThan(1_000);
        assertThat(new GZIPInputStream(new ByteArrayInputStream(response.body())).readAllBytes())
                .hasSize(10_000);
        assertThat(send(to("/large").header("Accept-Encoding", "gzip;q=0.0"))
                        .headers()
                        .firstValue("content-encoding"))
                .isEmpty();
    }

    @Test
    void cookiesOfAnotherSitesPageAreNotAccepted() {
        HttpRequest.Builder cross =
                to("/hello/x").DELETE().header("Cookie", "tutti_access=ann").header("Sec-Fetch-Site", "cross-site");
        assertThat(send(cross).statusCode()).isEqualTo(403);
        assertThat(send(cross).body()).contains("\"code\":\"forbidden\"");
        assertThat(send(cross.copy().header("Authorization", "Bearer ann")).statusCode())
                .isEqualTo(204);
        HttpRequest.Builder old = to("/hello/x").DELETE().header("Cookie", "tutti_access=ann");
        assertThat(send(old.copy().header("Origin", "http://evil.example")).statusCode())
                .isEqualTo(403);
        assertThat(send(old.copy().header("Origin", "http://127.0.0.1:" + EDGE.port()))
                        .statusCode())
                .isEqualTo(204);
        assertThat(send(old.copy().header("Origin", "https://app.example")).statusCode())
                .isEqualTo(204);
        assertThat(send(old.copy().header("Origin", "null")).statusCode()).isEqualTo(403);
        assertThat(send(old).statusCode()).isEqualTo(204);
        assertThat(send(to("/hello/x").header("Cookie", "a=b").header("Sec-Fetch-Site", "cross-site"))
                        .statusCode())
                .isEqualTo(200);
    }

    @Test
    void pagesOfAllowedOriginsMayAsk() {
        HttpResponse<String> preflight = send(to("/hello/x")
                .method("OPTIONS", HttpRequest.BodyPublishers.noBody())
                .header("Origin", "https://app.example")
                .header("Access-Control-Request-Method", "POST"));
        assertThat(preflight.statusCode()).isEqualTo(204);
        assertThat(preflight.headers().firstValue("access-control-allow-origin"))
                .contains("https://app.example");
        assertThat(preflight.headers().firstValue("access-control-allow-credentials"))
                .contains("true");
        HttpResponse<String> other = send(to("/hello/x").header("Origin", "https://other.example"));
        assertThat(other.headers().firstValue("access-control-allow-origin")).isEmpty();
        assertThat(other.headers().firstValue("vary")).contains("origin");
    }

    @Test
    void tooManyAtATimeAreRefusedAndTheRestGoesOn() {
        CountDownLatch busy = new CountDownLatch(2);
        try (TestEdge small = new TestEdge(
                settings -> settings.withMaxRequests(2),
                builder -> builder.routes(routes -> routes.on("GET", "/wait", _ -> {
                    busy.countDown();
                    RELEASE.await();
                    return Reply.ok("done");
                })))) {
            HttpRequest.Builder wait = small.to("/wait");
            CompletableFuture<HttpResponse<String>> one =
                    TestEdge.CLIENT.sendAsync(wait, HttpResponse.BodyHandlers.ofString());
            CompletableFuture<HttpResponse<String>> two =
                    TestEdge.CLIENT.sendAsync(wait, HttpResponse.BodyHandlers.ofString());
            Awaitility.await().until(() -> busy.getCount() == 0);
            HttpResponse<String> third = send(small.to("/wait"));
            assertThat(third.statusCode()).isEqualTo(503);
            assertThat(third.body()).contains("\"code\":\"overloaded\"", "\"retryAfterMs\":1000");
            assertThat(third.headers().firstValue("retry-after")).contains("1");
            RELEASE.countDown();
            assertThat(one.join().body()).isEqualTo("done");
            assertThat(two.join().body()).isEqualTo("done");
            assertThat(small.metric("tutti.refusals", "overloaded")).isEqualTo(1);
        }
    }

    @Test
    void aHandlerThatTakesTooLongIsInterruptedAndItsClientTold() {
        CountDownLatch interrupted = new CountDownLatch(1);
        try (TestEdge strict = new TestEdge(
                settings -> settings.withTimes(EdgeSettings.Times.DEFAULT.withHandler(Duration.ofMillis(100))),
                builder -> builder.routes(routes -> routes.on("GET", "/forever", _ -> {
                    try {
                        new CountDownLatch(1).await();
                    } catch (InterruptedException told) {
                        interrupted.countDown();
                        throw told;
                    }
                    return Reply.empty();
                })))) {
            HttpResponse<String> response = send(strict.to("/forever"));
            assertThat(response.statusCode()).isEqualTo(504);
            assertThat(response.body()).contains("\"code\":\"timeout\"");
            Awaitility.await().until(() -> interrupted.getCount() == 0);
        }
    }

    @Test
    void requestsAreTimedByRouteMethodAndStatus() {
        send(to("/hello/timed"));
        Awaitility.await()
                .untilAsserted(() -> assertThat(EDGE.meters
                                .find(HttpMetrics.REQUESTS)
                                .tags("route", "/hello/:who", "method", "GET", "status", "2xx")
                                .timer())
                        .isNotNull());
    }

    @Test
    void requestsAreTimedByTheTickerOfTheEdge() {
        AtomicLong nanos = new AtomicLong();
        try (TestEdge timed = new TestEdge(
                settings -> settings,
                builder -> builder.ticker(nanos::get)
                        .routes(routes -> routes.on("GET", "/second", _ -> {
                            nanos.addAndGet(Duration.ofSeconds(1).toNanos());
                            return Reply.empty();
                        })))) {
            send(timed.to("/second"));
            Awaitility.await()
                    .untilAsserted(() -> assertThat(timed.meters
                                    .find(HttpMetrics.REQUESTS)
                                    .tags("route", "/second")
                                    .timer())
                            .isNotNull()
                            .satisfies(timer -> assertThat(timer.totalTime(TimeUnit.SECONDS))
                                    .isEqualTo(1)));
        }
    }

    @Test
    void assetsAreCachedByTagOrForEver() {
        HttpResponse<String> page = send(to("/"));
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("<h1>");
        assertThat(page.headers().firstValue("content-type")).contains("text/html; charset=utf-8");
        assertThat(page.headers().firstValue("content-security-policy").orElse(""))
                .contains("default-src 'none'", "script-src 'self'");
        assertThat(page.headers().firstValue("x-content-type-options")).contains("nosniff");
        assertThat(page.headers().firstValue("cache-control")).contains("no-cache");
        String etag = page.headers().firstValue("etag").orElseThrow();
        HttpResponse<String> again = send(to("/").header("If-None-Match", "\"x\", " + etag));
        assertThat(again.statusCode()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        HttpResponse<String> versioned = send(to("/lib/1.2.3/a.js").header("Accept-Encoding", "gzip"));
        assertThat(versioned.statusCode()).isEqualTo(200);
        assertThat(versioned.headers().firstValue("content-encoding")).contains("gzip");
        assertThat(versioned.headers().firstValue("cache-control")).contains("public, max-age=31536000, immutable");
    }

    @Test
    void pagesMayHaveAPolicyOfTheirOwn() {
        StaticAssets theirs = new StaticAssets(HttpTest.class.getClassLoader())
                .mount("/", "page")
                .contentSecurityPolicy("default-src 'self' https://maps.example");
        try (TestEdge own = new TestEdge(settings -> settings, builder -> builder.assets(theirs))) {
            HttpResponse<String> page = send(own.to("/"));
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().allValues("content-security-policy"))
                    .containsExactly("default-src 'self' https://maps.example");
        }
    }

    @Test
    void aStrongTagBecomesWeakWithGzip() {
        for (String path : new String[] {"/tagged", "/lib/1.2.3/a.js"}) {
            String plain = send(to(path)).headers().firstValue("etag").orElseThrow();
            HttpResponse<String> packed = send(to(path).header("Accept-Encoding", "gzip"));
            assertThat(plain).as(path).startsWith("\"");
            assertThat(packed.headers().firstValue("content-encoding")).as(path).contains("gzip");
            assertThat(packed.headers().firstValue("etag")).as(path).contains("W/" + plain);
        }
    }

    @Test
    void anAssetIsKnownAgainInWhicheverCoding() {
        String plain = send(to("/lib/1.2.3/a.js")).headers().firstValue("etag").orElseThrow();
        for (String known : new String[] {plain, "W/" + plain}) {
            HttpResponse<String> packed =
                    send(to("/lib/1.2.3/a.js").header("Accept-Encoding", "gzip").header("If-None-Match", known));
            assertThat(packed.statusCode()).as(known).isEqualTo(304);
            assertThat(packed.headers().firstValue("etag")).as(known).contains("W/" + plain);
        }
    }

    @Test
    void onlyAssetsAreServed() {
        for (String path : new String[] {
            "/nothing.html", "/lib", "/lib/", "/lib/1.2.3", "/.hidden.js", "/package-info.class", "//index.html"
        }) {
            HttpResponse<String> response = send(to(path));
            assertThat(response.statusCode()).as(path).isEqualTo(404);
            assertThat(response.body()).contains("\"code\":\"not_found\"");
        }
        assertThat(send(to("/index.html").POST(body(""))).statusCode()).isEqualTo(404);
    }
}
