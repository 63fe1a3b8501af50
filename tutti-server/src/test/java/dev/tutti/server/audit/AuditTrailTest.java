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
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String NO_TYPE = ""; // of an event
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Tutti tutti = Tutti.over(
                    new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), CLOCK))
            .meters(meters)
            .start();
    private final AuditTrail trail = new AuditTrail(tutti, CLOCK, AuditTrailTest::id);

    @AfterEach
    void close() {
        trail.close();
        tutti.close();
    }

    @Test
    void aRecordThatADefectKeepsFromBeingMadeIsCountedAndInNobodysWay() {
        trail.add(refused(NO_TYPE, "ann"));
        trail.add(refused("login", "ann"));

        await().atMost(PATIENCE).until(() -> written().size() == 1);
        assertThat(written().getFirst()).contains("\"id of ann\"");
        assertThat(meters.counter(AuditTrail.LOST).count()).isEqualTo(1);
    }

    @Test
    void aNameThatCannotBeLookedUpLosesNoRecord() {
        trail.add(refused("login", "bad"));

        await().atMost(PATIENCE).until(() -> written().size() == 1);
        assertThat(meters.counter(AuditTrail.LOST).count()).isZero();
    }

    @Test
    void oneThatCannotBeMadeKeepsNoOtherFromBeingWrittenAtTheEnd() {
        for (int i = 0; i < 300; i++) {
            trail.add(refused(i % 100 == 0 ? NO_TYPE : "login", "ann" + i));
        }
        trail.close();

        assertThat(written()).hasSize(297);
        assertThat(meters.counter(AuditTrail.LOST).count()).isEqualTo(3);
    }

    private static Optional<String> id(String name) {
        if (name.equals("bad")) {
            throw new IllegalStateException("a defect");
        }
        return Optional.of("id of " + name);
    }

    private static AuditEntry refused(String action, String name) {
        Instant now = CLOCK.instant();
        return new AuditEntry(
                new AuditRecord(
                        action, AuditedAct.STRANGER, name, null, Map.of(), "one", name, now, "unauthenticated", 1),
                name);
    }

    private List<String> written() {
        return tutti.streams().read(AuditTrail.STREAM, new Range.After(0), 1_000) instanceof ReadResult.Page page
                ? page.events().stream().map(event -> event.data().toString()).toList()
                : List.of();
    }
}
