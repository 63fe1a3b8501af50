package dev.tutti.cli.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.TextSocket;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerRequest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Each balancer with the configuration that is shipped, before two small servers and a port where nobody is. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BalancersTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Longer than a balancer takes to start or to end; instances may take longer still. */
    private static final Duration LONG_ANSWER = Duration.ofSeconds(12);

    private final Vertx vertx = Vertx.vertx();
    private final Api api = new Api(PATIENCE);
    private final List<Upstream> servers = new ArrayList<>();

    /** The bytes that servers have of bodies of files. */
    private final LongAdder received = new LongAdder();

    /** Below one that nobody else may pass through. */
    private Path directory;

    @BeforeAll
    void start(@TempDir Path closed) throws Exception {
        Files.setPosixFilePermissions(closed, PosixFilePermissions.fromString("rwx------"));
        directory = Files.createDirectory(closed.resolve("cluster"));
        for (String name : List.of("one", "two")) {
            servers.add(new Upstream(name, Address.loopback(server(name).actualPort())));
        }
    }

    @AfterAll
    void stop() throws Exception {
        api.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }

    @Test
    void nginxDoesItsPart() throws Exception {
        check(parts -> new NginxBalancer(Programs.require("nginx", "this test"), parts));
    }

    @Test
    void nginxWhoseMasterIsKilledIsReadyOnceMoreAndItsOldProcessesAreGone() throws Exception {
        StringWriter told = new StringWriter();
        Address listen = Address.loopback(FreePorts.free(1).pop());
        Balancer balancer =
                new NginxBalancer(Programs.require("nginx", "this test"), parts(listen, new PrintWriter(told, true)));
        try {
            balancer.start(servers);
            ProcessHandle master = ProcessHandle.of(pid(balancer)).orElseThrow();
            await().atMost(PATIENCE).until(() -> master.children().findAny().isPresent());
            List<ProcessHandle> old = master.children().toList();

            master.destroyForcibly();
            await().atMost(PATIENCE)
                    .until(() -> balancer.standing().startsWith("ready") && pid(balancer) != master.pid());

            assertThat(api.fetch(listen.page()).statusCode()).isEqualTo(200);
            assertThat(old)
                    .as("running still")
                    .noneMatch(process -> process.info().command().isPresent());
            assertThat(told.toString()).containsOnlyOnce("died (exit 137)").doesNotContain("cannot be started");
        } finally {
            balancer.end(PATIENCE);
        }
    }

    @Test
    void nginxPassesOnWhatComesOfALargeFileBeforeAllOfItHasCome() throws Exception {
        Address listen = Address.loopback(FreePorts.free(1).pop());
        Balancer balancer = new NginxBalancer(Programs.require("nginx", "this test"), parts(listen));
        try {
            balancer.start(servers);
            for (String path : List.of("/api/files?name=large", "/api/uploads/large")) {
                received.reset();
                try (RawConnection client = new RawConnection(listen.port())) {
                    client.send("POST " + path + " HTTP/1.1\r\nHost: here\r\nContent-Length: 40000000000\r\n\r\n")
                            .send("its begin");
                    await().atMost(PATIENCE).until(() -> received.sum() == 9);
                }
            }
        } finally {
            balancer.end(PATIENCE);
        }
    }

    private static long pid(Balancer balancer) {
        Matcher pid = Pattern.compile("\\(pid (\\d+)\\)").matcher(balancer.standing());
        return pid.find() ? Long.parseLong(pid.group(1)) : 0;
    }

    @Test
    void haproxyDoesItsPart() throws Exception {
        check(parts -> new HaproxyBalancer(Programs.require("haproxy", "this test"), parts));
    }

    @Test
    void theLibraryDoesItsPart() throws Exception {
        check(LibraryBalancer::new);
    }

    @Tag("slow")
    @Test
    void theLibraryThatLeavesKeepsRequestsThatTheWorkersStillFinish() throws Exception {
        Address listen = Address.loopback(FreePorts.free(1).pop());
        Balancer balancer = new LibraryBalancer(parts(listen));
        CompletableFuture<HttpServerRequest> slow = new CompletableFuture<>();
        HttpServer held = answering(slow::complete);
        try {
            balancer.start(List.of(new Upstream("held", Address.loopback(held.actualPort()))));
            CompletableFuture<HttpResponse<String>> answer = begin(listen.page());
            HttpServerRequest request = slow.get(20, TimeUnit.SECONDS);

            balancer.leave();

            await().atMost(PATIENCE).until(() -> !listen.accepts());
            vertx.setTimer(LONG_ANSWER.toMillis(), _ -> request.response().end("finished"));
            assertThat(answer.get(40, TimeUnit.SECONDS).body()).isEqualTo("finished");
        } finally {
            balancer.end(PATIENCE);
        }
    }

    @Test
    void theLibraryThatEndsWaitsForNoRequest() throws Exception {
        Address listen = Address.loopback(FreePorts.free(1).pop());
        Balancer balancer = new LibraryBalancer(parts(listen));
        CompletableFuture<HttpServerRequest> never = new CompletableFuture<>();
        HttpServer held = answering(never::complete);
        balancer.start(List.of(new Upstream("held", Address.loopback(held.actualPort()))));
        CompletableFuture<HttpResponse<String>> answer = begin(listen.page());
        assertThat(never.get(20, TimeUnit.SECONDS).path()).isEqualTo("/");

        balancer.leave();
        balancer.end(PATIENCE);

        assertThat(listen.accepts()).isFalse();
        await().atMost(PATIENCE).until(answer::isDone);
    }

    @Test
    void aSessionsUpgradeFindsItsInstance() throws Exception {
        List<Function<BalancerParts, Balancer>> able = List.of(
                parts -> new NginxBalancer(Programs.require("nginx", "this test"), parts),
                parts -> new HaproxyBalancer(Programs.require("haproxy", "this test"), parts));
        for (Function<BalancerParts, Balancer> made : able) {
            Address listen = Address.loopback(FreePorts.free(1).pop());
            Balancer balancer = made.apply(parts(listen));
            try {
                balancer.start(servers);
                for (String owner : List.of("one", "one", "one", "two", "two", "two")) {
                    URI session = listen.page().resolve("/socket.io/?EIO=4&transport=websocket&sid=" + owner);
                    assertThat(echoed(session, owner)).as(balancer.name()).isEqualTo(owner);
                }
            } finally {
                balancer.end(PATIENCE);
            }
        }
    }

    private BalancerParts parts(Address listen) {
        return parts(listen, new PrintWriter(new StringWriter()));
    }

    private BalancerParts parts(Address listen, PrintWriter told) {
        ProcessRegistry registry = new ProcessRegistry(directory.resolve("processes"));
        return new BalancerParts(listen, directory, registry, new StatusLines(told), System::nanoTime);
    }

    private void check(Function<BalancerParts, Balancer> made) throws Exception {
        Address listen = Address.loopback(FreePorts.free(1).pop());
        Balancer balancer = made.apply(parts(listen));
        try {
            balancer.start(servers);
            URI address = listen.page();
            assertThat(List.of(
                            api.fetch(address).body(),
                            api.fetch(address).body(),
                            api.fetch(address).body(),
                            api.fetch(address).body()))
                    .as("in turn")
                    .containsSequence("one", "two", "one");
            HttpResponse<String> answer = api.fetch(address);
            assertThat(answer.headers().firstValue("Seen-Host")).contains(listen.toString());
            assertThat(answer.headers().firstValue("Seen-For")).contains("127.0.0.1");
            assertThat(answer.headers().firstValue("Seen-Proto")).contains("http");
            assertThat(post(address, "x".repeat(300_000))).isEqualTo("300000");
            assertThat(post(address, "x".repeat(3_000_000)))
                    .as("what does not stay in memory")
                    .isEqualTo("3000000");
            assertThat(List.of(echoed(address, "hello"), echoed(address, "again")))
                    .containsExactly("hello", "again");

            balancer.route(servers.subList(0, 1));
            balancer.route(servers);
            assertThat(api.fetch(address).statusCode()).isEqualTo(200);
        } finally {
            balancer.leave();
            balancer.end(PATIENCE);
        }
        assertThat(listen.accepts()).as("still listening").isFalse();
    }

    @Test
    void aServerThatIsNotThereIsSkippedByAllOfThem() throws Exception {
        List<Upstream> withHole = List.of(servers.get(0), new Upstream("gone", Address.loopback(1)), servers.get(1));
        List<Function<BalancerParts, Balancer>> all = List.of(
                parts -> new NginxBalancer(Programs.require("nginx", "this test"), parts),
                parts -> new HaproxyBalancer(Programs.require("haproxy", "this test"), parts),
                LibraryBalancer::new);
        for (Function<BalancerParts, Balancer> made : all) {
            Address listen = Address.loopback(FreePorts.free(1).pop());
            Balancer balancer = made.apply(parts(listen));
            try {
                balancer.start(withHole);
                for (int round = 0; round < 6; round++) {
                    assertThat(api.fetch(listen.page()).statusCode())
                            .as(balancer.name())
                            .isEqualTo(200);
                    assertThat(post(listen.page(), "12345")).as(balancer.name()).isEqualTo("5");
                }
            } finally {
                balancer.end(PATIENCE);
            }
        }
    }

    private HttpServer answering(Handler<HttpServerRequest> handler) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(handler)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    private HttpServer server(String name) throws Exception {
        return vertx.createHttpServer()
                .requestHandler(request -> {
                    if (request.uri().startsWith("/api/")) {
                        request.handler(bytes -> received.add(bytes.length()));
                        return;
                    }
                    request.body()
                            .onSuccess(body -> request.response()
                                    .putHeader("Seen-Host", String.valueOf(request.getHeader("Host")))
                                    .putHeader("Seen-For", String.valueOf(request.getHeader("X-Forwarded-For")))
                                    .putHeader("Seen-Proto", String.valueOf(request.getHeader("X-Forwarded-Proto")))
                                    .end(body.length() == 0 ? name : Integer.toString(body.length())));
                })
                .webSocketHandshakeHandler(handshake -> {
                    String query = String.valueOf(handshake.query());
                    if (query.contains("sid=") && !query.endsWith("sid=" + name)) {
                        handshake.reject(404);
                    } else {
                        handshake.accept();
                    }
                })
                .webSocketHandler(socket -> socket.textMessageHandler(socket::writeTextMessage))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
    }

    /** Asks for {@code page} without waiting; the answer may take longer than others. */
    private CompletableFuture<HttpResponse<String>> begin(URI page) {
        return api.sendAsync(HttpRequest.newBuilder(page).timeout(Duration.ofMinutes(5)), BodyHandlers.ofString());
    }

    private String post(URI address, String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(address).POST(BodyPublishers.ofString(body));
        return api.send(request, BodyHandlers.ofString()).body();
    }

    private String echoed(URI address, String text) throws Exception {
        CompletableFuture<String> echo = new CompletableFuture<>();
        try (TextSocket socket = api.webSocket(address, null, PATIENCE, (_, heard) -> echo.complete(heard))) {
            socket.say(text);
            return echo.get(20, TimeUnit.SECONDS);
        }
    }
}
