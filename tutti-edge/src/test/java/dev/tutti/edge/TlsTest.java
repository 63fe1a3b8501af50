package dev.tutti.edge;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.TuttiException;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.client.SelfSigned;
import dev.tutti.testkit.client.TextSocket;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** An edge with certificates of 127.0.0.1. Needs {@code openssl}. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TlsTest {
    private static final Duration REQUEST_TIME = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration NEVER = Duration.ofHours(1);
    private static final Account ANN = new Account("ann", "ann", "ann");

    private SelfSigned one;
    private SelfSigned two;
    private SelfSigned three;
    private SelfSigned place;
    private TlsFiles files;
    private TestEdge edge;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        one = SelfSigned.make(directory, "one", "rsa:2048");
        two = SelfSigned.make(directory, "two", "ec -pkeyopt ec_paramgen_curve:P-256");
        three = SelfSigned.make(directory, "three", "rsa:2048");
        place = new SelfSigned(directory.resolve("server.pem"), directory.resolve("server.key"));
        files = new TlsFiles(place.certificate(), place.key());
        one.replace(place);
        edge = new TestEdge(
                settings -> settings.withTls(files)
                        .withTimes(settings.times().withRequest(REQUEST_TIME).withCertificateCheck(NEVER)),
                builder -> builder);
    }

    @AfterAll
    void stop() {
        edge.close();
    }

    @BeforeEach
    void begin() throws Exception {
        one.replace(place);
        edge.edge.reloadCertificate();
    }

    private URI uri(String path) {
        return URI.create("https://127.0.0.1:" + edge.port() + path);
    }

    private SSLSocket connected(SelfSigned trusted) throws Exception {
        return connected(trusted, edge.port());
    }

    private static SSLSocket connected(SelfSigned trusted, int port) throws Exception {
        SSLSocket socket =
                (SSLSocket) trusted.trusting().getSocketFactory().createSocket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(20_000);
        socket.startHandshake();
        return socket;
    }

    private static String shown(SSLSocket socket) throws Exception {
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0])
                .getSubjectX500Principal()
                .getName();
    }

    @Test
    void requestsAndWebSocketsGoOverTls() throws Exception {
        edge.append("room:tls", "said", "\"hello\"");
        try (Api client = new Api(one.trusting())) {
            HttpResponse<String> answer =
                    client.send(Api.request(uri("/api/streams/room:tls"), ANN), HttpResponse.BodyHandlers.ofString());
            assertThat(answer.statusCode()).isEqualTo(200);
            assertThat(answer.body()).contains("hello");
            CompletableFuture<String> heard = new CompletableFuture<>();
            try (TextSocket _ = client.webSocket(uri("/ws"), ANN, PATIENCE, (_, text) -> heard.complete(text))) {
                assertThat(heard.get(20, TimeUnit.SECONDS)).contains("\"op\":\"hello\"");
            }
        }
    }

    @Test
    void anAddressThatConnectsAndSaysNothingHasItsShareOfConnectionsAndNoMore() throws Exception {
        List<RawConnection> silent = new ArrayList<>();
        try (TestEdge bounded = new TestEdge(
                settings -> settings.withTls(files)
                        .withAdmission(settings.admission().withSockets(40)),
                builder -> builder)) {
            for (int i = 0; i < 40; i++) {
                silent.add(new RawConnection(bounded.port(), "127.0.0.2"));
            }
            assertThat(silent.getLast().head()).isEmpty(); // long before its handshake would be late
            assertThat(bounded.metric("tutti.refusals", "instance_full")).isBetween(1.0, 30.0);
            try (SSLSocket guest = (SSLSocket) one.trusting()
                    .getSocketFactory()
                    .createSocket(
                            InetAddress.getLoopbackAddress(), bounded.port(), InetAddress.ofLiteral("127.0.0.3"), 0)) {
                guest.setSoTimeout(20_000);
                guest.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
                assertThat(new String(guest.getInputStream().readAllBytes(), US_ASCII))
                        .startsWith("HTTP/1.");
            }
        } finally {
            silent.forEach(RawConnection::close);
        }
    }

    @Test
    void aRequestThatDoesNotComeIsToldSoOverTls() throws Exception {
        try (SSLSocket socket = connected(one)) {
            socket.getOutputStream().write("GET /half HTTP/1.1\r\n".getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.1 408 ");
        }
    }

    @Test
    void aNewCertificateIsShownToNewConnectionsAndOldOnesGoOn() throws Exception {
        try (SSLSocket before = connected(one)) {
            two.replace(place);
            edge.edge.reloadCertificate();

            try (SSLSocket after = connected(two)) {
                assertThat(shown(after)).isEqualTo("CN=two");
            }
            assertThatThrownBy(() -> connected(one)).isInstanceOf(SSLHandshakeException.class);
            assertThat(shown(before)).isEqualTo("CN=one");
            before.getOutputStream().write("GET / HTTP/1.0\r\n\r\n".getBytes(US_ASCII));
            assertThat(new String(before.getInputStream().readAllBytes(), US_ASCII))
                    .startsWith("HTTP/1.");
        }
    }

    @Test
    void aNewCertificateIsFoundByAnEdgeThatNobodyTellsOfIt() throws Exception {
        try (TestEdge looking = new TestEdge(
                settings ->
                        settings.withTls(files).withTimes(settings.times().withCertificateCheck(Duration.ofMillis(50))),
                builder -> builder)) {
            assertThat(isShown(one, looking.port())).isTrue();

            two.replace(place);

            await().atMost(PATIENCE).until(() -> isShown(two, looking.port()));
        }
    }

    private static boolean isShown(SelfSigned certificate, int port) throws Exception {
        try (SSLSocket _ = connected(certificate, port)) {
            return true;
        } catch (SSLHandshakeException another) {
            return false;
        }
    }

    @Test
    void whatDoesNotBelongTogetherIsNotShown() throws Exception {
        for (SelfSigned wrong : List.of(two.withKeyOf(one), three.withKeyOf(one))) {
            wrong.replace(place);
            edge.edge.reloadCertificate();
            try (SSLSocket socket = connected(one)) {
                assertThat(shown(socket)).isEqualTo("CN=one");
            }
        }
        Files.writeString(files.certificate(), "-----BEGIN CERTIFICATE-----\nnothing\n");
        edge.edge.reloadCertificate();
        try (SSLSocket socket = connected(one)) {
            assertThat(shown(socket)).isEqualTo("CN=one");
        }
    }

    @Test
    void aStartSaysWhichFileIsWrong() throws Exception {
        three.withKeyOf(one).replace(place);
        assertThatThrownBy(() -> new TestEdge(settings -> settings.withTls(files), builder -> builder))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("server.key")
                .hasMessageContaining("not that of the first certificate");
        TlsFiles missing = new TlsFiles(Path.of("none.pem"), files.key());
        assertThatThrownBy(() -> new TestEdge(settings -> settings.withTls(missing), builder -> builder))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("none.pem cannot be read");
    }
}
