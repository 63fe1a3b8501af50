package dev.tutti.cli.proof.drain;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import dev.tutti.cli.proof.Solo;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.client.SelfSigned;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import dev.tutti.testkit.process.Signals;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGHUP has a server read again what may have changed, and ends nothing. */
@Tag("slow")
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

            // every server looks by itself every ten seconds, too: ReloadedCertificateTest has one that does not
            await().atMost(PATIENCE).until(() -> isTrusted(second, port));
            assertThat(isTrusted(first, port)).isFalse();
            assertThat(server.stop(PATIENCE)).isZero();
        }
    }

    @Test
    void aHangupReadsPublicKeysAndTheLogLevelAgainAndAMistakeLeavesThem() throws Exception {
        KeyPair first = pair();
        KeyPair second = pair();
        Path keys = Files.writeString(directory.resolve("backend.pem"), pem(first));
        Path settings = Files.writeString(directory.resolve(".env"), "LOG_LEVEL=warn\n");
        Launch launch = Solo.launch(directory).with("TUTTI_JWT_PUBLIC_KEYS", keys.toString());
        try (ServerProcess server = ServerProcess.start(launch);
                ServerApi api = new ServerApi(launch.address())) {
            assertThat(signs(first, api)).isTrue();
            assertThat(signs(second, api)).isFalse();
            Files.writeString(keys, pem(second));
            Files.writeString(settings, "LOG_LEVEL=info\n");

            Signals.send("HUP", server.pid());

            await().atMost(PATIENCE).until(() -> signs(second, api));
            assertThat(signs(first, api)).isFalse();
            await().atMost(PATIENCE).until(() -> server.output().contains("LOG_LEVEL is info from now on"));

            Files.writeString(keys, "no key");
            Files.writeString(settings, "LOG_LEVEL=loud\n");
            Signals.send("HUP", server.pid());

            String complaint = "The public keys stay those of before: TUTTI_JWT_PUBLIC_KEYS names " + keys;
            await().atMost(PATIENCE).until(() -> server.output().contains(complaint));
            assertThat(server.output()).contains("LOG_LEVEL stays info: LOG_LEVEL = 'loud' (.env) is not allowed");
            assertThat(signs(second, api)).isTrue();
        }
    }

    private static boolean signs(KeyPair pair, ServerApi api) throws Exception {
        SignedJWT token = new SignedJWT(
                new JWSHeader(JWSAlgorithm.RS256),
                new JWTClaimsSet.Builder()
                        .subject("ann")
                        .expirationTime(Date.from(Instant.now().plusSeconds(300)))
                        .build());
        token.sign(new RSASSASigner(pair.getPrivate()));
        Account ann = new Account("ann", "ann", token.serialize());
        return api.send("GET", "/api/streams/room:lobby", ann, null).status() == 200;
    }

    private static KeyPair pair() throws NoSuchAlgorithmException {
        KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
        generator.initialize(2048);
        return generator.generateKeyPair();
    }

    private static String pem(KeyPair pair) {
        String encoded = Base64.getMimeEncoder().encodeToString(pair.getPublic().getEncoded());
        return "-----BEGIN PUBLIC KEY-----\n" + encoded + "\n-----END PUBLIC KEY-----\n";
    }

    private static boolean isTrusted(SelfSigned certificate, int port) throws Exception {
        try (Api client = new Api(certificate.trusting())) {
            return client.fetch(URI.create("https://127.0.0.1:" + port + "/")).statusCode() == 200;
        } catch (SSLHandshakeException refused) {
            return false;
        }
    }
}
