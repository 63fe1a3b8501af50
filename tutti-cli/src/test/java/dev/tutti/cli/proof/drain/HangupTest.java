package dev.tutti.cli.proof.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.SelfSigned;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.process.Signals;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP has a server read its certificate again, and ends nothing. */
class HangupTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @TempDir
    Path directory;

    @Test
    void aHangupShowsTheNewCertificateAndTheServerStays() throws Exception {
        SelfSigned first = SelfSigned.make(directory, "first", "rsa:2048");
        SelfSigned second = SelfSigned.make(directory, "second", "rsa:2048");
        SelfSigned place = new SelfSigned(directory.resolve("server.pem"), directory.resolve("server.key"));
        first.replace(place);
        int port = Ports.free();
        Launch plain = Solo.launch(directory);
        // asked whether it is ready where there is no TLS
        Launch launch = plain.with(
                        "TUTTI_OPERATOR_PORT", Integer.toString(plain.address().getPort()))
                .with("PORT", Integer.toString(port))
                .with("TUTTI_TLS_CERT", place.certificate().toString())
                .with("TUTTI_TLS_KEY", place.key().toString());
        try (ServerProcess server = ServerProcess.start(launch)) {
            assertThat(isTrusted(first, port)).isTrue();
            assertThat(isTrusted(second, port)).isFalse();
            second.replace(place);

            Signals.send("HUP", server.pid());

            await().atMost(PATIENCE).until(() -> isTrusted(second, port));
            assertThat(isTrusted(first, port)).isFalse();
            assertThat(server.stop(PATIENCE)).isZero();
        }
    }

    private static boolean isTrusted(SelfSigned certificate, int port) throws Exception {
        try (HttpClient client =
                HttpClient.newBuilder().sslContext(certificate.trusting()).build()) {
            URI page = URI.create("https://127.0.0.1:" + port + "/");
            return client.send(HttpRequest.newBuilder(page).build(), HttpResponse.BodyHandlers.discarding())
                            .statusCode()
                    == 200;
        } catch (SSLHandshakeException refused) {
            return false;
        }
    }
}
