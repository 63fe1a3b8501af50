package dev.tutti.edge.http;

import static dev.tutti.edge.TestEdge.send;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cluster.member.MembershipSettings;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TestEdge;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.socket.Principal;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Cached answers of two real edges. */
class ResponseCacheTest {
    private static final Duration LONG = Duration.ofSeconds(60);
    private static final MembershipSettings QUICK =
            new MembershipSettings(Duration.ofMillis(50), Duration.ofSeconds(60));
    private static final String LARGE = "x".repeat(3_000);

    private final AtomicInteger calls = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);
    private final List<Tutti> instances = new ArrayList<>();
    private final List<Edge> edges = new ArrayList<>();
    private final List<ResponseCache> caches = new ArrayList<>();

    @BeforeEach
    void start() {
        MemoryBackend first = MemoryBackend.open();
        for (MemoryBackend backend : List.of(first, first.another())) {
            Tutti tutti = Tutti.on(backend)
                    .members(QUICK)
                    .secret("a secret of the tests, and of no one else")
                    .start();
            instances.add(tutti);
            ResponseCache cache =
                    ResponseCache.of(tutti, "answers", CacheSettings.DEFAULT, request -> Optional.of(key(request)));
            caches.add(cache);
            edges.add(Edge.of(tutti)
                    .settings(
                            EdgeSettings.DEFAULT.withAddress("127.0.0.1", 0).withOrigins(Set.of("https://app.example")))
                    .routes(routes -> routes(routes, cache))
                    .start());
        }
        await().atMost(LONG)
                .until(() -> instances.stream()
                        .allMatch(each -> each.members().others().size() == 1));
    }

    @AfterEach
    void close() {
        open.countDown();
        edges.forEach(Edge::close);
        instances.forEach(Tutti::close);
    }

    private static ResponseKey key(Request request) {
        ResponseKey key =
                ResponseKey.of(request.path() + request.handshake().query()).tagged("all");
        return switch (request.path()) {
            case "/everybody" -> key.forEverybody();
            case "/mine" -> key.forOne(request.principal());
            default -> key;
        };
    }

    private void routes(Routes routes, ResponseCache cache) {
        Routes cached = routes.through(cache);
        cached.on("GET", "/count", request -> counted(request).with("X-Kind", "number"));
        cached.on("POST", "/count", this::counted);
        cached.on("GET", "/headed", this::counted);
        cached.on("HEAD", "/headed", _ -> new Reply(200, List.of(), null).with("X-Call", "" + calls.incrementAndGet()));
        cached.on("GET", "/everybody", this::counted);
        cached.on("GET", "/slow", request -> {
            open.await();
            return counted(request);
        });
        cached.on("GET", "/large", _ -> new Reply(200, List.of(), LARGE + calls.incrementAndGet()));
        cached.on("GET", "/too-large", _ -> Reply.ok("y".repeat(ResponseCache.MAX_BODY + 1) + calls.incrementAndGet()));
        cached.on("GET", "/cookie", request -> counted(request).with("Set-Cookie", "a=1"));
        cached.on("GET", "/no-store", request -> counted(request).with("Cache-Control", "max-age=60, no-store"));
        cached.on("GET", "/created", _ -> Reply.created(Map.of("calls", calls.incrementAndGet())));
        cached.on("GET", "/slow-failing", request -> {
            open.await();
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE, "call " + calls.incrementAndGet() + " of " + request.path());
        });
        cached.on("GET", "/failing", request -> {
            calls.incrementAndGet();
            throw new TuttiException(
                    ErrorCode.NOT_FOUND,
                    "nothing for " + request.header("x-name").orElse("you"));
        });
        routes.through(Filter.authenticated(handshake -> new Principal(
                        Optional.ofNullable(handshake.headers().get("x-name")).orElse("nobody"),
                        "session",
                        Instant.MAX)))
                .through(cache)
                .on(
                        "GET",
                        "/mine",
                        request -> Reply.ok(Map.of("who", request.principal().id(), "calls", calls.incrementAndGet())));
        routes.through(cache.withMaxAge(Duration.ZERO)).on("GET", "/asked-each-time", this::counted);
    }

    private Reply counted(Request request) {
        return Reply.ok(Map.of("calls", calls.incrementAndGet(), "of", request.path()));
    }

    private HttpRequest.Builder request(int edge, String path, String... headers) {
        return TestEdge.to(edges.get(edge), path, headers);
    }

    private HttpResponse<String> get(int edge, String path, String... headers) {
        return send(request(edge, path, headers));
    }

    private HttpResponse<String> head(String path) {
        return send(request(0, path).HEAD());
    }

    private static String header(HttpResponse<?> response, String name) {
        return response.headers().firstValue(name).orElse("");
    }

    @Test
    void anAnswerIsGivenAgainWithWhatHttpCachesNeed() throws Exception {
        HttpResponse<String> first = get(0, "/count");
        HttpResponse<String> second = get(0, "/count");

        assertThat(calls).hasValue(1);
        assertThat(second.body()).isEqualTo(first.body()).contains("\"calls\":1");
        assertThat(header(second, "etag")).matches("\"[A-Za-z0-9_-]{16}\"").isEqualTo(header(first, "etag"));
        assertThat(header(second, "cache-control")).isEqualTo("public, max-age=300");
        assertThat(Long.parseLong(header(second, "age"))).isBetween(0L, 60L);
        assertThat(header(second, "content-type")).isEqualTo("application/json");
        assertThat(header(second, "x-kind")).isEqualTo("number");
        assertThat(second.headers().allValues("vary").toString()).containsIgnoringCase("cookie");
        assertThat(get(0, "/count?x=1").body()).contains("\"calls\":2");
    }

    @Test
    void whatTheEdgeVariesByStaysWithWhatTheAnswerVariesBy() throws Exception {
        HttpResponse<String> answer = get(0, "/count", "Origin", "https://app.example");
        assertThat(String.join(", ", answer.headers().allValues("vary")).toLowerCase(Locale.ROOT))
                .contains("origin", "cookie", "authorization", "accept-encoding");
    }

    @Test
    void whoeverHasItAlreadyIsToldSo() throws Exception {
        String etag = header(get(0, "/count"), "etag");
        for (String known : List.of(etag, "\"other\", " + etag, "W/" + etag, "*")) {
            HttpResponse<String> unchanged = get(0, "/count", "If-None-Match", known);
            assertThat(unchanged.statusCode()).isEqualTo(304);
            assertThat(unchanged.body()).isEmpty();
            assertThat(header(unchanged, "etag")).isEqualTo(etag);
            assertThat(header(unchanged, "cache-control")).isEqualTo("public, max-age=300");
        }
        assertThat(get(0, "/count", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
        assertThat(calls).hasValue(1);
    }

    @Test
    void eachContentCodingHasItsOwnTag() throws Exception {
        HttpResponse<String> plain = get(0, "/large");
        HttpResponse<byte[]> packed = TestEdge.CLIENT.send(
                request(0, "/large", "Accept-Encoding", "gzip"), HttpResponse.BodyHandlers.ofByteArray());
        assertThat(header(packed, "content-encoding")).isEqualTo("gzip");
        assertThat(packed.body().length).isLessThan(plain.body().length());
        assertThat(header(packed, "etag")).isNotEqualTo(header(plain, "etag"));
        assertThat(header(plain, "content-type")).startsWith("text/plain");
        for (String etag : List.of(header(packed, "etag"), header(plain, "etag"))) {
            assertThat(get(0, "/large", "If-None-Match", etag).statusCode()).isEqualTo(304);
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void headIsAnsweredFromTheCacheAndOtherMethodsAreNot() throws Exception {
        get(0, "/count");
        assertThat(header(head("/count"), "etag")).isNotEmpty();
        assertThat(calls).hasValue(1);
        send(request(0, "/count").POST(HttpRequest.BodyPublishers.noBody()));
        assertThat(calls).hasValue(2);
    }

    @Test
    void aHeadThatComesFirstIsNoAnswerToAGet() throws Exception {
        assertThat(header(head("/headed"), "x-call")).isEqualTo("1");
        assertThat(header(head("/headed"), "x-call")).as("it has no body").isEqualTo("2");

        HttpResponse<String> whole = get(0, "/headed");

        assertThat(whole.body()).contains("\"calls\":3");
        assertThat(header(whole, "x-call")).isEmpty();
        HttpResponse<String> head = head("/headed");
        assertThat(header(head, "etag")).isEqualTo(header(whole, "etag"));
        assertThat(header(head, "content-length")).isEqualTo("" + whole.body().length());
        assertThat(calls).hasValue(3);
    }

    @Test
    void headsAreOneCallOfAHandlerThatAnswersThemAsItAnswersAGet() throws Exception {
        HttpResponse<String> head = head("/count");
        assertThat(header(head("/count"), "etag")).isEqualTo(header(head, "etag"));
        assertThat(calls).hasValue(1);
        HttpResponse<String> whole = get(0, "/count");
        assertThat(header(head, "content-length")).isEqualTo("" + whole.body().length());

        caches.get(0).invalidate(ResponseKey.of("/count{}"));

        assertThat(header(head("/count"), "etag")).isNotIn("", header(head, "etag"), header(whole, "etag"));
        assertThat(calls).hasValue(3);
    }

    @Test
    void manyThatMissAtBothInstancesAreOneCallOfTheHandler() throws Exception {
        for (HttpResponse<String> each : fortyAtTheSameTime("/slow")) {
            assertThat(each.body()).contains("\"calls\":1");
        }
        assertThat(calls).hasValue(1);
    }

    @Test
    void aFailureIsToldToAllWhoWaitedForThatCall() throws Exception {
        for (HttpResponse<String> each : fortyAtTheSameTime("/slow-failing")) {
            assertThat(each.statusCode()).isEqualTo(503);
        }
        assertThat(calls).as("calls of two instances").hasValueBetween(1, 2);
    }

    /** Requests at both instances that all wait for the handler before it goes on. */
    private List<HttpResponse<String>> fortyAtTheSameTime(String path) throws Exception {
        List<CompletableFuture<HttpResponse<String>>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(TestEdge.CLIENT.sendAsync(request(i % 2, path), HttpResponse.BodyHandlers.ofString()));
        }
        await().atMost(LONG)
                .until(() -> instances.stream()
                                .mapToDouble(each -> each.meters()
                                        .counter("tutti.cache.coalesced", "cache", "answers")
                                        .count())
                                .sum()
                        == 38);
        open.countDown();
        List<HttpResponse<String>> answers = new ArrayList<>();
        for (CompletableFuture<HttpResponse<String>> each : all) {
            answers.add(each.get(60, TimeUnit.SECONDS));
        }
        return answers;
    }

    @Test
    void whatIsInvalidatedIsAskedForAgainAtAllInstances() throws Exception {
        get(0, "/count");
        get(1, "/count");
        int before = calls.get();
        caches.get(0).invalidateTag("all");
        await().atMost(LONG).until(() -> {
            get(1, "/count");
            return calls.get() > before;
        });
        get(0, "/count");
        int again = calls.get();
        caches.get(0).invalidate(ResponseKey.of("/count{}"));
        get(0, "/count");
        assertThat(calls).hasValue(again + 1);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Authorization", "Cookie"})
    void whoeverBringsCredentialsGetsAnAnswerOfTheirOwn(String header) throws Exception {
        get(0, "/count");
        HttpResponse<String> own = get(0, "/count", header, "a=1");
        assertThat(own.body()).contains("\"calls\":2");
        assertThat(header(own, "cache-control")).isEqualTo("no-store");
        assertThat(get(0, "/count").body()).contains("\"calls\":1");
        assertThat(get(0, "/everybody", header, "a=1").body()).contains("\"calls\":3");
        assertThat(get(0, "/everybody").body()).contains("\"calls\":3");
    }

    @Test
    void whatIsForOneIsGivenToNobodyElse() throws Exception {
        assertThat(get(0, "/mine", "X-Name", "ann").body()).contains("ann", "\"calls\":1");
        HttpResponse<String> again = get(0, "/mine", "X-Name", "ann");
        assertThat(again.body()).contains("ann", "\"calls\":1");
        assertThat(header(again, "cache-control")).isEqualTo("private, no-cache");
        assertThat(get(0, "/mine", "X-Name", "bob").body()).contains("bob", "\"calls\":2");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/cookie", "/no-store", "/created", "/too-large"})
    void whatMustNotBeKeptIsNot(String path) throws Exception {
        for (int call = 1; call <= 3; call++) {
            HttpResponse<String> response = get(0, path);
            assertThat(response.body()).contains("" + call);
            assertThat(header(response, "etag")).isEmpty();
        }
        assertThat(calls).hasValue(3);
    }

    @Test
    void whatAHandlerThrowsIsNotToldToLaterRequests() throws Exception {
        for (String name : List.of("ann", "bob")) {
            HttpResponse<String> failed = get(0, "/failing", "X-Name", name);
            assertThat(failed.statusCode()).isEqualTo(404);
            assertThat(failed.body()).contains("nothing for " + name);
        }
        assertThat(calls).hasValue(2);
    }

    @Test
    void clientsMayBeToldToAskEachTime() throws Exception {
        HttpResponse<String> answer = get(0, "/asked-each-time");
        assertThat(header(answer, "cache-control")).isEqualTo("public, no-cache");
        assertThat(get(0, "/asked-each-time", "If-None-Match", header(answer, "etag"))
                        .statusCode())
                .isEqualTo(304);
        assertThat(calls).hasValue(1);
    }

    private static Map<String, Set<String>> claims(String name, String value) {
        return Map.of(name, Set.of(value));
    }

    @Test
    void keysOfAnyLengthAreKeptApart() {
        String text = "k".repeat(5_000);
        assertThat(Set.of(
                        ResponseKey.of(text).digest(),
                        ResponseKey.of(text + "\ud800").digest(),
                        ResponseKey.of(text + "\ud801").digest(),
                        ResponseKey.of(text).forEverybody().digest(),
                        ResponseKey.of("a")
                                .forOne(new Principal("b", "s", Instant.MAX))
                                .digest(),
                        ResponseKey.of("")
                                .forOne(new Principal("ba", "s", Instant.MAX))
                                .digest(),
                        ResponseKey.of("")
                                .forOne(new Principal("ba", "s", Instant.MAX, Set.of("read:a", "read:b")))
                                .digest(),
                        ResponseKey.of("")
                                .forOne(new Principal("ba", "s", Instant.MAX, Set.of("read:a"), claims("org", "7")))
                                .digest(),
                        ResponseKey.of("")
                                .forOne(new Principal("ba", "s", Instant.MAX, Set.of("read:a"), claims("org", "8")))
                                .digest()))
                .hasSize(9)
                .allMatch(key -> key.length() < 60);
    }
}
