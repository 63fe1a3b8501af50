package dev.tutti.server.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
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
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Warnings of a certificate that ends while the server runs. Needs {@code openssl}. */
class EndingCertificateTest {
    private static final String NAME = "ending";
    private static final Duration NEVER = Duration.ofDays(1_000);

    private final Logger logger = (Logger) LoggerFactory.getLogger("dev.tutti.edge.TlsReload");
    private final List<ILoggingEvent> lines = new CopyOnWriteArrayList<>();
    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent line) {
            lines.add(line);
        }
    };
    private final AtomicLong nanos = new AtomicLong();
    private Tutti tutti;

    @BeforeEach
    void start() {
        tutti = Tutti.on(MemoryBackend.open()).start();
        appender.start();
        logger.addAppender(appender);
    }

    @AfterEach
    void stop() {
        logger.detachAppender(appender);
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
        return lines.stream()
                .filter(line -> line.getLevel().equals(Level.WARN)
                        && line.getFormattedMessage().contains("CN=" + NAME + ","))
                .count();
    }
}
