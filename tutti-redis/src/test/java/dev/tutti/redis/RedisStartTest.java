package dev.tutti.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.health.Status;
import dev.tutti.tck.BusEnd;
import dev.tutti.tck.BusEnds;
import dev.tutti.testkit.client.SelfSigned;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.RedisProcess;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an operator is told when the bus, or what is kept in Redis, cannot start, and how it starts with passwords and TLS. */
class RedisStartTest {
    private static final Duration REFUSED_WITHIN = Duration.ofMinutes(1); // on a busy machine, too

    @TempDir
    private Path directory;

    @Test
    void aRedisThatIsNotThereIsNamed() throws IOException {
        int port = Ports.free();

        assertThatItDoesNotStart(settings("redis://ann:secret@127.0.0.1:" + port))
                .hasMessageContaining("redis://127.0.0.1:" + port + ": nobody listens there")
                .hasMessageContaining("Connection refused");
    }

    @Test
    void aSentinelThatIsNotThereIsNamed() throws IOException {
        String url = "redis-sentinel://127.0.0.1:" + Ports.free() + "#main";

        assertThatItDoesNotStart(settings(url)).hasMessageContaining(url);
    }

    @Test
    void aMasterThatTheSentinelDoesNotKnowIsNamed() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory);
                RedisProcess sentinel = RedisProcess.sentinel(directory, redis)) {
            String url = "redis-sentinel://127.0.0.1:" + sentinel.port() + "#other";

            assertThatItDoesNotStart(settings(url)).hasMessageContaining(url);
        }
    }

    @Test
    void aServerThatIsNoClusterSaysSo() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            assertThatItDoesNotStart(settings("redis-cluster://127.0.0.1:" + redis.port()))
                    .hasMessageContaining("cluster support disabled");
        }
    }

    @Test
    void aPasswordThatIsWrongOrMissingIsSaidToBe() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory, "--requirepass", "right")) {
            String host = "127.0.0.1:" + redis.port();

            assertThatItDoesNotStart(settings("redis://:secret@" + host))
                    .hasMessageContaining("redis://" + host + ": it refuses the user or the password (WRONGPASS");
            assertThatItDoesNotStart(settings("redis://" + host))
                    .hasMessageContaining("redis://" + host + ": it wants a password (NOAUTH");
            assertThatMessagesPass(settings("redis://:right@" + host));
            assertThatMessagesPass(settings("redis://default:right@" + host + "/5"));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BUS")
    void aPasswordThatIsWrongOrMissingEndsTheStartOfWhateverIsKept(RedisUse use)
            throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory, "--requirepass", "right")) {
            String host = "127.0.0.1:" + redis.port();

            assertThatItIsRefused(settings("redis://:secret@" + host), use)
                    .hasMessageContaining("the " + use.title() + " cannot be used through Redis at redis://" + host
                            + ": it refuses the user or the password (WRONGPASS");
            assertThatItIsRefused(settings("redis://" + host), use)
                    .hasMessageContaining("redis://" + host + ": it wants a password (NOAUTH");
            assertThatItAnswers(settings("redis://:right@" + host), use);
        }
    }

    @Test
    void aClusterThatRefusesThePasswordEndsTheStartThoughAnotherNodeIsAway() throws IOException, InterruptedException {
        try (RedisProcess node = RedisProcess.cluster(directory, 1).getFirst()) {
            String host = "127.0.0.1:" + node.port();
            node.cli("config", "set", "requirepass", "right");

            assertThatItIsRefused(
                            settings("redis-cluster://:secret@" + host + ",127.0.0.1:" + Ports.free()), RedisUse.LIMITS)
                    .hasMessageContaining("WRONGPASS");
            assertThatItAnswers(settings("redis-cluster://:right@" + host), RedisUse.LIMITS);
        }
    }

    @Test
    void aCertificateThatIsNotTrustedEndsTheStartOfWhatIsKept() throws IOException, InterruptedException {
        SelfSigned certificate = certificate("IP:127.0.0.1");
        try (RedisProcess redis = RedisProcess.tls(directory, certificate.certificate(), certificate.key())) {
            RedisSettings settings = settings("rediss://127.0.0.1:" + redis.port());

            assertThatItIsRefused(settings, RedisUse.SESSIONS)
                    .hasMessageContaining("TLS failed")
                    .hasMessageContaining("REDIS_CA_FILE");
            assertThatItAnswers(settings.withAuthority(certificate.certificate()), RedisUse.SESSIONS);
        }
    }

    @Test
    void aDatabaseThatDoesNotExistIsSaidNotTo() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            assertThatItDoesNotStart(settings("redis://127.0.0.1:" + redis.port() + "/999"))
                    .hasMessageContaining("DB index is out of range");
        }
    }

    @Test
    void tlsIsSpokenAndCertificatesAreChecked() throws IOException, InterruptedException {
        SelfSigned certificate = certificate("IP:127.0.0.1");
        try (RedisProcess redis =
                RedisProcess.tls(directory, certificate.certificate(), certificate.key(), "--requirepass", "right")) {
            RedisSettings settings = settings("rediss://:right@127.0.0.1:" + redis.port());

            assertThatMessagesPass(settings.withAuthority(certificate.certificate()));
            assertThatItDoesNotStart(settings)
                    .hasMessageContaining("TLS failed")
                    .hasMessageContaining("REDIS_CA_FILE");
            assertThatItDoesNotStart(settings("redis://:right@127.0.0.1:" + redis.port()))
                    .hasMessageContaining("rediss:// is with TLS");
        }
    }

    @Test
    void aCertificateForAnotherHostIsRefused() throws IOException, InterruptedException {
        SelfSigned certificate = certificate("DNS:elsewhere.example");
        try (RedisProcess redis = RedisProcess.tls(directory, certificate.certificate(), certificate.key())) {
            assertThatItDoesNotStart(
                            settings("rediss://127.0.0.1:" + redis.port()).withAuthority(certificate.certificate()))
                    .hasMessageContaining("TLS failed");
        }
    }

    @Tag("slow")
    @Test
    void aServerThatDoesNotSpeakTlsLetsTheOtherSchemeBeNamed() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            assertThatItDoesNotStart(settings("rediss://127.0.0.1:" + redis.port()))
                    .hasMessageContaining("redis:// without");
        }
    }

    @ParameterizedTest(name = "reset: {0}")
    @ValueSource(booleans = {true, false})
    void aConnectionThatEndsUnansweredLetsTheOtherSchemeBeNamed(boolean reset) throws IOException {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual().start(() -> endConnections(mute, reset));

            assertThatItDoesNotStart(settings("redis://127.0.0.1:" + mute.getLocalPort()))
                    .hasMessageContaining("rediss:// is with TLS");
        }
    }

    @Test
    void systemsWithDifferentPrefixesShareARedis() throws IOException, InterruptedException {
        try (RedisProcess redis = RedisProcess.server(directory)) {
            RedisSettings ours = settings("redis://127.0.0.1:" + redis.port());
            RedisSettings theirs = ours.withPrefix("theirs:");
            try (BusEnds here = new BusEnds(() -> new RedisBus(ours));
                    BusEnds there = new BusEnds(() -> new RedisBus(theirs))) {
                BusEnd publisher = here.start();
                BusEnd listener = here.start();
                BusEnd stranger = there.start();
                BusEnd strangersListener = there.start();
                BusEnds.connect(publisher, listener, "news");
                BusEnds.connect(stranger, strangersListener, "news");
                strangersListener.forget();

                publisher.publish("news", "ours");
                BusEnds.delivered(publisher, listener, "news");
                BusEnds.delivered(stranger, strangersListener, "news");

                assertThat(strangersListener.messages()).hasSize(1);
            }
        }
    }

    /** Reads a first word of each connection, and ends it: with a reset, or as if all were said. */
    private static void endConnections(ServerSocket server, boolean reset) {
        while (!server.isClosed()) {
            try (Socket connection = server.accept()) {
                if (reset) {
                    connection.setSoLinger(true, 0);
                }
                int _ = connection.getInputStream().read(new byte[1 << 16]);
            } catch (IOException _) {
                // the server is closed, or the client left first
            }
        }
    }

    private static RedisSettings settings(String url) {
        return RedisSettings.of(RedisAddress.parse(url));
    }

    private static void assertThatMessagesPass(RedisSettings settings) {
        try (BusEnds ends = new BusEnds(() -> new RedisBus(settings))) {
            BusEnds.connect(ends.start(), ends.start(), "news");
        }
    }

    private static AbstractThrowableAssert<?, ?> assertThatItDoesNotStart(RedisSettings settings) {
        BusListener nobody = new BusListener() {
            @Override
            public void onMessage(String topic, byte[] payload) {}

            @Override
            public void onGap() {}
        };
        try (Bus bus = new RedisBus(settings)) {
            return assertThatThrownBy(() -> bus.start(nobody))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessageContaining("REDIS_URL")
                    .hasMessageNotContaining("secret");
        }
    }

    private static AbstractThrowableAssert<?, ?> assertThatItIsRefused(RedisSettings settings, RedisUse use) {
        return assertThatThrownBy(() ->
                        RedisBackend.open(settings, Set.of(use), REFUSED_WITHIN).close())
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("REDIS_URL")
                .hasMessageNotContaining("secret");
    }

    private static void assertThatItAnswers(RedisSettings settings, RedisUse use) {
        try (RedisBackend backend = RedisBackend.open(settings, Set.of(use))) {
            await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> backend.check() == Status.HEALTHY);
        }
    }

    private SelfSigned certificate(String subject) throws IOException, InterruptedException {
        return SelfSigned.make(directory, "certificate", "rsa:2048", subject);
    }
}
