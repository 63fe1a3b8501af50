package dev.tutti.edge;

import dev.tutti.TuttiException;
import dev.tutti.concurrent.Periodic;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The reload of a certificate: its files are looked at now and then, and a new certificate is given to the listeners. One that
 * cannot be used is said once, and the old one stays. One that ends soon, or has ended, is warned of once a day. Safe for use by many
 * threads.
 */
final class TlsReload implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(TlsReload.class);
    private static final Duration SOON = Duration.ofDays(14);
    private static final Duration WARNING_PAUSE = Duration.ofDays(1);

    private final TlsFiles files;
    private final Vertx vertx;
    private final Clock clock;
    private final Consumer<TlsCertificate> listeners;
    private final Periodic looking;
    private TlsCertificate current; // guarded by this
    private String complaint = ""; // guarded by this
    private Instant nextWarning = Instant.MIN; // guarded by this

    /** Begins with {@code first}, which the listeners have; looks with {@code pause} in between. Certificates end by {@code clock}. */
    TlsReload(
            TlsFiles files,
            Vertx vertx,
            Clock clock,
            Duration pause,
            TlsCertificate first,
            Consumer<TlsCertificate> listeners) {
        this.files = files;
        this.vertx = vertx;
        this.clock = clock;
        this.listeners = listeners;
        this.current = first;
        tell();
        looking = new Periodic("tls-files", pause, this::look);
    }

    /** Looks at the files now. Blocks. */
    synchronized void look() {
        try {
            TlsCertificate found = TlsCertificate.read(files, vertx);
            complaint = "";
            if (!found.isSameAs(current)) {
                listeners.accept(found);
                current = found;
                tell();
            }
        } catch (TuttiException unusable) {
            String what = String.valueOf(unusable.getMessage());
            if (!what.equals(complaint)) {
                complaint = what;
                log.error("The certificate of TUTTI_TLS_CERT stays the one of before: {}", what);
            }
        }
        warnOfTheEnd();
    }

    private void tell() {
        log.info("TLS with the certificate of {}", current.described());
        nextWarning = Instant.MIN;
        warnOfTheEnd();
    }

    private void warnOfTheEnd() {
        Instant now = clock.instant();
        if (current.end().isBefore(now.plus(SOON)) && !now.isBefore(nextWarning)) {
            nextWarning = now.plus(WARNING_PAUSE);
            log.warn(
                    "Put a new certificate into the files of TUTTI_TLS_CERT and TUTTI_TLS_KEY, before this one ends: {}",
                    current.described());
        }
    }

    @Override
    public void close() {
        looking.close();
    }
}
