package dev.tutti.server.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import dev.tutti.core.InstanceId;
import dev.tutti.server.outbound.OutboundClient.Answer;
import dev.tutti.testkit.client.SelfSigned;
import dev.tutti.testkit.http.LoopbackServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Some of it needs {@code openssl}. */
class OutboundClientTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final byte[] BODY = "{\"n\": 1}".getBytes(StandardCharsets.UTF_8);

    private final OutboundClient anywhere = new OutboundClient(new InstanceId("here"), true, 32);
    private final OutboundClient publicOnly = new OutboundClient(new InstanceId("here"), false, 32);
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private LoopbackServer server;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer()
                .on("/ok", exchange -> answer(exchange, 200, 3))
                .on("/long", exchange -> answer(exchange, 200, 50_000_000))
                .on("/moved", exchange -> {
                    exchange.getResponseHeaders().add("Location", "/ok");
                    answer(exchange, 307, 0);
                })
                .on("/busy", exchange -> {
                    exchange.getResponseHeaders().add("Retry-After", "7");
                    answer(exchange, 503, 0);
                })
                .on("/slow", exchange -> {
                    exchange.sendResponseHeaders(200, 1_000);
                    exchange.getResponseBody().write('a');
                    exchange.getResponseBody().flush();
                    never.await();
                });
    }

    private void answer(HttpExchange exchange, int status, int bytes) throws IOException {
        asked.add(exchange.getRequestURI() + " " + exchange.getRequestHeaders().getFirst("Host") + " "
                + exchange.getRequestHeaders().getFirst("X-Instance-Id") + " "
                + new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
        exchange.sendResponseHeaders(status, bytes == 0 ? -1 : bytes);
        if (bytes > 0) {
            try (OutputStream out = exchange.getResponseBody()) {
                out.write(new byte[bytes]);
            }
        }
    }

    @AfterEach
    void stop() {
        anywhere.close();
        publicOnly.close();
        server.close();
    }

    private Answer post(String path) throws Exception {
        return anywhere.post(at("localhost", path), Map.of("x-more", "1"), BODY, TIMEOUT);
    }

    private URI at(String host, String path) {
        return URI.create("http://" + host + ":" + server.port() + path);
    }

    @Test
    void whatIsPostedArrivesUnderTheNameOfTheHost() throws Exception {
        Answer answer = post("/ok?a=b%20c");

        assertThat(answer.succeeded()).isTrue();
        assertThat(answer.body()).hasSize(3);
        assertThat(asked).containsExactly("/ok?a=b%20c localhost:" + server.port() + " here {\"n\": 1}");
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        assertThat(post("/moved").status()).isEqualTo(307);
        assertThat(asked).singleElement().asString().startsWith("/moved");
    }

    @Test
    void ofALongAnswerTheBeginningIsRead() throws Exception {
        Answer answer = post("/long");

        assertThat(answer.succeeded()).isTrue();
        assertThat(answer.complete()).isFalse();
        assertThat(answer.body().length).isBetween(1, OutboundClient.MAX_ANSWER_BYTES);
        assertThat(post("/ok").complete()).isTrue();
    }

    @Test
    void aBusyServerSaysWhenToComeAgain() throws Exception {
        assertThat(post("/busy").retryAfter()).contains(Duration.ofSeconds(7));
    }

    @Test
    void anAnswerThatDoesNotEndIsNone() {
        assertThatThrownBy(() -> anywhere.post(at("localhost", "/slow"), Map.of(), BODY, Duration.ofMillis(500)))
                .isInstanceOf(IOException.class)
                .hasMessage("no answer within 500 ms");
    }

    @Test
    void aNameServerThatDoesNotAnswerIsWaitedForNoLongerThanTheRest() throws Exception {
        AddressLookup.Resolver resolver = host -> {
            if (host.endsWith(".silent")) {
                awaitTheEnd();
            }
            return new InetAddress[] {InetAddress.getLoopbackAddress()};
        };
        try (OutboundClient client = new OutboundClient(new InstanceId("here"), true, 32, resolver)) {
            for (int i = 1; i < AddressLookup.AT_A_TIME; i++) {
                URI place = at("name" + i + ".silent", "/ok");
                assertThatThrownBy(() -> client.post(place, Map.of(), BODY, Duration.ofMillis(20)))
                        .isInstanceOf(IOException.class)
                        .hasMessage("no address of " + place.getHost() + " within 20 ms")
                        .hasCauseInstanceOf(TimeoutException.class);
            }
            URI again = at("name1.silent", "/ok"); // which takes no other thread
            assertThatThrownBy(() -> client.post(again, Map.of(), BODY, Duration.ofMillis(20)))
                    .hasMessageStartingWith("no address of");

            assertThat(client.post(at("good", "/ok"), Map.of(), BODY, TIMEOUT).succeeded())
                    .isTrue();
        } finally {
            never.countDown();
        }
    }

    @Test
    void aHostThatIsNotThereIsAnIOException() {
        AddressLookup.Resolver none = host -> {
            throw new UnknownHostException(host);
        };
        try (OutboundClient client = new OutboundClient(new InstanceId("here"), true, 32, none)) {
            assertThatThrownBy(() -> client.post(at("gone", "/ok"), Map.of(), BODY, TIMEOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessage("the address of gone cannot be found");
        }
    }

    private void awaitTheEnd() {
        try {
            never.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "127.0.0.1", "127.1.2.3", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"})
    void thisMachineIsNotAskedUnlessItIsAllowed(String host) {
        assertThatThrownBy(() -> publicOnly.post(at(host, "/ok"), Map.of(), BODY, TIMEOUT))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("no public address");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.1.2.3",
                "172.16.0.1",
                "172.31.255.255",
                "192.168.0.1",
                "169.254.169.254",
                "100.64.0.1",
                "198.19.0.1",
                "224.0.0.1",
                "255.255.255.255",
                "fc00::1",
                "fd12::1",
                "fe80::1",
                "ff02::1",
                "::",
                "::ffff:10.0.0.1",
                "::10.0.0.1",
                "64:ff9b::10.0.0.1",
                "2002:a00:1::1",
                "2001:db8::1",
                "2001::1"
            })
    void addressesThatAreNotPublic(String address) {
        assertThat(PublicAddresses.include(InetAddress.ofLiteral(address))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"1.1.1.1", "172.15.255.255", "172.32.0.1", "192.167.0.1", "223.255.255.254", "2606:4700::1111"})
    void addressesThatArePublic(String address) {
        assertThat(PublicAddresses.include(InetAddress.ofLiteral(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://example.com/",
                "ftp://example.com/",
                "https:example.com",
                "https://ann@example.com/",
                "https://example.com/#part",
                "https://example.com:99999/",
                "https://exa mple.com/",
                "//example.com/",
                ""
            })
    void urlsThatAreRefused(String url) {
        assertThatThrownBy(() -> publicOnly.checked(url)).hasMessageContaining("url is no");
        assertThat(publicOnly.checked("https://example.com:8443/a?b=c")).hasPort(8443);
        assertThat(anywhere.checked("http://example.com")).hasHost("example.com");
    }

    @Tag("slow")
    @Test
    void aServerWhoseCertificateNobodyHasSignedIsGivenNothing(@TempDir Path directory) throws Exception {
        SelfSigned certificate = SelfSigned.make(directory, "localhost", "rsa:2048", "DNS:localhost");
        try (LoopbackServer secure = new LoopbackServer(certificate.shown())) {
            secure.on("/ok", exchange -> answer(exchange, 200, 3));
            URI place = URI.create("https://localhost:" + secure.port() + "/ok");

            assertThatThrownBy(() -> anywhere.post(place, Map.of(), BODY, TIMEOUT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("certification path");
        }
        assertThat(asked).isEmpty();
    }
}
