package dev.tutti.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    private static final Clock CLOCK = Clock.systemUTC();

    @Test
    void aRecordThatADefectKeepsFromBeingMadeIsCountedAndInNobodysWay() {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        RetentionPolicy policy = new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1)));
        try (Tutti tutti = Tutti.over(new MemoryStreamStore(policy, CLOCK))
                        .meters(meters)
                        .start();
                AuditTrail trail = new AuditTrail(tutti, CLOCK, AuditTrailTest::id)) {
            trail.add(refused("bad"));
            trail.add(refused("ann"));

            await().atMost(Duration.ofSeconds(30)).until(() -> written(tutti) == 1);
            assertThat(meters.counter(AuditTrail.LOST).count()).isEqualTo(1);
        }
    }

    private static Optional<String> id(String name) {
        if (name.equals("bad")) {
            throw new IllegalStateException("a defect");
        }
        return Optional.of("id of " + name);
    }

    private static AuditEntry refused(String name) {
        Instant now = CLOCK.instant();
        return new AuditEntry(
                new AuditRecord(
                        "login",
                        AuditedAct.STRANGER,
                        "",
                        null,
                        Map.of(),
                        "one",
                        "192.0.2.1",
                        now,
                        "unauthenticated",
                        1),
                name);
    }

    private static int written(Tutti tutti) {
        return tutti.streams().read(AuditTrail.STREAM, new Range.After(0), 10) instanceof ReadResult.Page page
                ? page.events().size()
                : 0;
    }
}
