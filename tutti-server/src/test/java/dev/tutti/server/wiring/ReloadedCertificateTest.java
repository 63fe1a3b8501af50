package dev.tutti.server.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.SelfSigned;
import java.nio.file.Path;
import java.util.Map;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that does not look by itself at its certificate's files. Needs {@code openssl}. */
class ReloadedCertificateTest {
    @TempDir
    Path directory;

    @Test
    void theNewOneIsShownAsSoonAsTheServerHasReadAgain() throws Exception {
        SelfSigned first = SelfSigned.make(directory, "first", "rsa:2048");
        SelfSigned second = SelfSigned.make(directory, "second", "rsa:2048");
        SelfSigned place = new SelfSigned(directory.resolve("server.pem"), directory.resolve("server.key"));
        first.replace(place);
        Map<String, String> settings = Map.of(
                "TUTTI_TLS_CERT", place.certificate().toString(),
                "TUTTI_TLS_KEY", place.key().toString());
        try (EmbeddedDatabase database = EmbeddedDatabase.start(
                        DatabaseTemplate.copiedTo(EmbeddedSettings.in(directory.resolve("postgres"))
                                .withBinaries(Path.of("target", "postgres"))));
                Server server = ServerWithoutChecks.start(database.url(), settings)) {
            assertThat(isTrusted(first, server)).isTrue();
            assertThat(isTrusted(second, server)).isFalse();
            second.replace(place);

            server.reload();

            assertThat(isTrusted(second, server)).isTrue();
            assertThat(isTrusted(first, server)).isFalse();
        }
    }

    private static boolean isTrusted(SelfSigned certificate, Server server) throws Exception {
        try (Api client = new Api(certificate.trusting())) {
            return client.fetch(server.address()).statusCode() == 200;
        } catch (SSLHandshakeException refused) {
            return false;
        }
    }
}
