package dev.tutti.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.tutti.concurrent.TickerClock;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.EdgeSettings;
import dev.tutti.edge.TlsFiles;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.testkit.client.SelfSigned;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Warnings of a certificate that ends while the server runs. Needs {@code openssl}. */
class EndingCertificateTest {
    private static final String NAME = "ending";
    private static final Duration NEVER = Duration.ofDays(1_000);

    private final LoggedLines log = new LoggedLines("dev.tutti.edge.TlsReload");
    private final AtomicLong nanos = new AtomicLong();
    private final Tutti tutti = Tutti.on(MemoryBackend.open()).start();

    @AfterEach
    void stop() {
        log.close();
        tutti.close();
    }

    @Test
    void itIsWarnedOfOnceADayWhileTheServerRuns(@TempDir Path directory) throws Exception {
        SelfSigned certificate = SelfSigned.make(directory, NAME, "rsa:2048");
        Instant end = Instant.now().plus(Duration.ofDays(2)); // or a little before
        TickerClock clock = new TickerClock(nanos::get);
        move(end.minus(Duration.ofDays(20)));
        EdgeSettings settings = EdgeSettings.DEFAULT
                .withTls(new TlsFiles(certificate.certificate(), certificate.key()))
                .withTimes(EdgeSettings.DEFAULT.times().withCertificateCheck(NEVER));
        try (Edge edge = Edge.of(tutti).settings(settings).port(0).clock(clock).start()) {
            edge.reloadCertificate();
            assertThat(warnings()).isZero();

            move(end.minus(Duration.ofDays(13)));
            edge.reloadCertificate();
            edge.reloadCertificate();
            assertThat(warnings()).isEqualTo(1);

            move(end.minus(Duration.ofDays(12)));
            edge.reloadCertificate();
            edge.reloadCertificate();
            assertThat(warnings()).isEqualTo(2);
        }
    }

    private void move(Instant to) {
        nanos.set(Duration.between(Instant.EPOCH, to).toNanos());
    }

    /** Of this certificate: other tests have others. */
    private long warnings() {
        return log.all().stream()
                .filter(line -> line.getLevel().equals(Level.WARN)
                        && line.getFormattedMessage().contains("CN=" + NAME + ","))
                .count();
    }
}
