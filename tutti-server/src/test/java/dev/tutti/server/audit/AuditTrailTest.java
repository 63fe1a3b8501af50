package dev.tutti.server.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.core.Tutti;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AuditTrailTest {
    private static final Clock CLOCK = Clock.systemUTC();
    private static final String NO_TYPE = ""; // of an event
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final AtomicLong nanos = new AtomicLong();
    private final CountDownLatch asked = new CountDownLatch(1);
    private final CountDownLatch answered = new CountDownLatch(1);
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Tutti tutti = Tutti.over(
                    new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), CLOCK))
            .meters(meters)
            .start();
    private final AuditTrail trail = new AuditTrail(tutti, CLOCK, nanos::get, this::id);

    @AfterEach
    void close() {
        answered.countDown();
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

    @Test
    void whatSomebodyDoesToTheirOwnThingsAgainAndAgainIsTwoRecords() {
        for (int i = 0; i < 500; i++) {
            trail.add(done("session.read", "account", "ann", true));
            trail.add(done("session.read", "account", "bob", true));
        }
        trail.close();

        assertThat(written()).hasSize(4);
        assertThat(written().stream().filter(each -> each.contains("\"ann\"")))
                .satisfiesExactly(
                        first -> assertThat(first).doesNotContain("\"times\":499"),
                        others -> assertThat(others).contains("\"times\":499"));
    }

    @Test
    void whatWasDoneAgainIsRecordedWhenTheMinuteIsOver() {
        for (int i = 0; i < 500; i++) {
            trail.add(done("session.read", "account", "ann", true));
        }
        await().atMost(PATIENCE).until(() -> written().size() == 1);

        nanos.addAndGet(Duration.ofMinutes(1).toNanos());

        await().atMost(PATIENCE).until(() -> written().size() == 2);
        assertThat(written().getLast()).contains("\"times\":499");
    }

    /** While the database answers nothing, many accounts do what they may as often as they like. */
    @Test
    void whatPeopleDoToTheirOwnThingsPushesNothingElseOutAndWhatIsLostIsRecorded() {
        trail.add(refused("login", "slow"));
        await().atMost(PATIENCE).until(() -> asked.getCount() == 0);
        for (int i = 0; i < AuditTrail.MOST_OWN; i++) {
            trail.add(done("session.read", "account", "account" + i, true));
        }
        assertThat(waiting()).isEqualTo(AuditTrail.MOST_WAITING / 2);
        int failures = AuditTrail.MOST_FAILURES - 1; // beside the slow one
        for (int i = 0; i < failures; i++) {
            trail.add(refused("login", "192.0.2." + i));
        }
        trail.add(done("user.delete", "key", "key.one", false));

        assertThat(waiting()).isEqualTo(AuditTrail.MOST_WAITING / 2 + failures + 1);
        int lost = AuditTrail.MOST_OWN - AuditTrail.MOST_WAITING / 2;
        assertThat(meters.counter(AuditTrail.LOST).count()).isEqualTo(lost);
        answered.countDown();
        await().atMost(PATIENCE).until(() -> waiting() == 0);
        trail.close();
        assertThat(written()).anyMatch(each -> each.contains("\"user.delete\""));
        assertThat(events().stream().filter(event -> event.type().equals(AuditTrail.MISSING)))
                .singleElement()
                .satisfies(event -> assertThat(event.data().toString()).contains("\"times\":" + lost));
    }

    private double waiting() {
        return meters.get(AuditTrail.WAITING).gauge().value();
    }

    private Optional<String> id(String name) {
        if (name.equals("bad")) {
            throw new IllegalStateException("a defect");
        }
        if (name.equals("slow")) {
            asked.countDown();
            try {
                answered.await();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }
        return Optional.of("id of " + name);
    }

    private static AuditEntry refused(String action, String name) {
        Instant now = CLOCK.instant();
        return new AuditEntry(
                new AuditRecord(
                        action, AuditedAct.STRANGER, name, null, Map.of(), "one", name, now, "unauthenticated", 1),
                name,
                false);
    }

    private static AuditEntry done(String action, String by, String actor, boolean own) {
        return new AuditEntry(
                new AuditRecord(
                        action, by, actor, null, Map.of(), "one", "192.0.2.1", CLOCK.instant(), AuditRecord.OK, 1),
                null,
                own);
    }

    /** The records of what was done. */
    private List<String> written() {
        return events().stream()
                .filter(event -> !event.type().equals(AuditTrail.MISSING))
                .map(event -> event.data().toString())
                .toList();
    }

    private List<Event> events() {
        List<Event> all = new ArrayList<>();
        long last = 0;
        while (tutti.streams().read(AuditTrail.STREAM, new Range.After(last), 1_000) instanceof ReadResult.Page page
                && !page.events().isEmpty()) {
            all.addAll(page.events());
            last = page.events().getLast().seq();
        }
        return all;
    }
}
