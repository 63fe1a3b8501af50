package dev.tutti.testkit.history;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.history.Entry.Acknowledged;
import dev.tutti.testkit.history.Entry.Gap;
import dev.tutti.testkit.history.Entry.Invoked;
import dev.tutti.testkit.history.Entry.Received;
import dev.tutti.testkit.history.Entry.Refused;
import dev.tutti.testkit.history.Entry.Unknown;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Each way of breaking a run is found, under its name, and a run that is not broken is not blamed. */
class HistoryCheckerTest {
    private static final int RUNS = 200;

    @Test
    void aRunThatKeepsAllPromisesIsNotBlamed(TestInfo test) {
        forEachSeed(test, run -> {
            Verdict verdict = run.check();
            assertThat(verdict.kept()).as(verdict.toString()).isTrue();
            assertThat(verdict.sent()).isEqualTo(60);
            assertThat(verdict.acknowledged() + verdict.refused() + verdict.unknown())
                    .isEqualTo(60);
        });
    }

    @Test
    void aDeliveryThatIsMissingIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            run.entries.remove(run.anyIndex(Received.class));
            assertFoundExactly(run, Fault.LOST);
        });
    }

    @Test
    void anAcknowledgedMessageThatIsNotInTheLogIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            Acknowledged last = (Acknowledged) run.entries.get(run.anyIndex(Acknowledged.class));
            run.entries.add(new Invoked(last.client(), last.stream(), "vanished"));
            run.entries.add(new Acknowledged(last.client(), last.stream(), "vanished", 1_000));
            assertFoundExactly(run, Fault.LOST);
        });
    }

    @Test
    void aDeliveryThatIsRepeatedIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            int index = run.anyIndex(Received.class);
            run.entries.add(index + run.below(run.entries.size() - index), run.entries.get(index));
            assertFoundExactly(run, Fault.DUPLICATE);
        });
    }

    @Test
    void aMessageThatIsInTheLogTwiceIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            List<LogEntry> log = run.anyLog();
            log.add(new LogEntry(
                    log.size() + 1L, log.get(1 + run.below(log.size() - 1)).key()));
            assertThat(faults(run)).contains(Fault.DUPLICATE);
        });
    }

    @Test
    void twoDeliveriesThatAreSwappedAreFound(TestInfo test) {
        forEachSeed(test, run -> {
            int index = run.anyIndex(Received.class);
            Received event = (Received) run.entries.get(index);
            int other = -1;
            for (int i = 0; i < run.entries.size(); i++) {
                if (i != index
                        && run.entries.get(i) instanceof Received next
                        && next.client().equals(event.client())
                        && next.stream().equals(event.stream())) {
                    other = i;
                }
            }
            Collections.swap(run.entries, index, other);
            assertThat(faults(run)).isNotEmpty().containsOnly(Fault.OUT_OF_ORDER);
        });
    }

    @Test
    void aDeliveryThatIsNotInTheLogIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            run.entries.add(new Received("ann", run.any(Run.STREAMS), 1_000, "made-up"));
            assertFoundExactly(run, Fault.PHANTOM);
        });
    }

    @Test
    void aDeliveryWithAnotherMessageThanTheLogHasIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            int index = run.anyIndex(Received.class);
            Received event = (Received) run.entries.get(index);
            run.entries.set(index, new Received(event.client(), event.stream(), event.seq(), "other"));
            assertFoundExactly(run, Fault.PHANTOM);
        });
    }

    @Test
    void aLoggedMessageThatNobodySentIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            List<LogEntry> log = run.anyLog();
            log.add(new LogEntry(log.size() + 1L, "made-up"));
            assertThat(faults(run)).contains(Fault.PHANTOM);
        });
    }

    @Test
    void aRefusedMessageThatIsStoredIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            LogEntry stored = Collections.max(run.anyLog(), (a, b) -> Long.compare(a.seq(), b.seq()));
            String key = String.valueOf(stored.key());
            run.entries.replaceAll(entry -> (entry instanceof Acknowledged || entry instanceof Unknown)
                            && keyOf(entry).equals(key)
                    ? new Refused(entry.client(), entry.stream(), key, "rate_limited")
                    : entry);
            assertFoundExactly(run, Fault.REFUSED_YET_STORED);
        });
    }

    @Test
    void aMessageAtAnotherPlaceThanItsSenderWasToldIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            int index = run.anyIndex(Acknowledged.class);
            Acknowledged told = (Acknowledged) run.entries.get(index);
            run.entries.set(index, new Acknowledged(told.client(), told.stream(), told.key(), told.seq() - 1));
            assertThat(faults(run)).contains(Fault.MISPLACED);
        });
    }

    @Test
    void aMessageThatOvertookAnEarlierAcknowledgedOneIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            int index = run.anyIndex(Acknowledged.class);
            Acknowledged first = (Acknowledged) run.entries.get(index);
            List<LogEntry> log = run.log.getOrDefault(first.stream(), List.of());
            LogEntry older = log.get((int) first.seq() - 2);
            // whatever stands before it in the log is now sent only after it was acknowledged
            List<Entry> late = run.entries.stream()
                    .filter(entry ->
                            !(entry instanceof Received) && keyOf(entry).equals(String.valueOf(older.key())))
                    .toList();
            run.entries.removeAll(late);
            run.entries.addAll(late);
            assertThat(faults(run)).isEqualTo(older.key() == null ? List.of() : List.of(Fault.OVERTAKEN));
        });
    }

    @Test
    void aHoleInTheNumbersIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            List<LogEntry> log = run.anyLog();
            log.add(new LogEntry(log.size() + 2L, null));
            assertThat(faults(run)).contains(Fault.HOLE);
        });
    }

    @Test
    void aDeliveryToSomebodyWhoIsNotEntitledIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            run.entries.add(
                    run.below(2) == 0
                            ? new Received("cleo", "room:2", 1, null)
                            : new Received("bob", run.any(Run.STREAMS), 1, null));
            assertThat(faults(run)).contains(Fault.LEAKED);
        });
    }

    @Test
    void whatIsNoLongerKeptNeedsNotBeGivenToWhoIsToldOfAGap(TestInfo test) {
        forEachSeed(test, run -> {
            String stream = run.any(Run.STREAMS);
            long dropped = 2;
            run.drop(stream, dropped);
            run.entries.removeIf(entry -> entry instanceof Received event
                    && event.client().equals("ann")
                    && event.stream().equals(stream)
                    && event.seq() <= dropped);
            assertThat(faults(run)).containsExactly(Fault.LOST, Fault.LOST);
            run.entries.add(new Gap("ann", stream, 0, dropped));
            assertThat(faults(run)).isEmpty();
        });
    }

    @Test
    void aGapWhereEverythingIsKeptIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            String stream = run.any(Run.STREAMS);
            run.drop(stream, 1);
            run.entries.add(new Gap("ann", stream, 0, 2));
            assertFoundExactly(run, Fault.NEEDLESS_GAP);
        });
    }

    @Test
    void anAnswerWithoutASendIsFound(TestInfo test) {
        forEachSeed(test, run -> {
            run.entries.remove(run.anyIndex(Invoked.class));
            assertThat(faults(run)).contains(Fault.UNEXPLAINED);
        });
    }

    @Test
    void aFindingNamesTheMessageTheClientAndTheStream() {
        Verdict verdict = HistoryChecker.check(
                List.of(new Invoked("ann", "room:1", "a1"), new Acknowledged("ann", "room:1", "a1", 1)),
                Map.of("room:1", List.of(new LogEntry(1, "a1"))),
                new ExpectedDeliveries().entitled("bob", "room:1", 0));
        assertThat(verdict).hasToString("""
                1 sent, 1 acknowledged, 0 refused, 0 unknown, 0 received, 1 findings
                  LOST in room:1: bob was never given seq 1, message a1""");
    }

    private static String keyOf(Entry entry) {
        return switch (entry) {
            case Invoked sent -> sent.key();
            case Acknowledged answer -> answer.key();
            case Refused answer -> answer.key();
            case Unknown answer -> answer.key();
            case Received event -> String.valueOf(event.key());
            case Gap gap -> String.valueOf(gap.after());
        };
    }

    private static List<Fault> faults(Run run) {
        return run.check().findings().stream().map(Finding::fault).toList();
    }

    private static void assertFoundExactly(Run run, Fault fault) {
        assertThat(run.check().findings())
                .as(run.check().toString())
                .singleElement()
                .returns(fault, Finding::fault);
    }

    private static void forEachSeed(TestInfo test, Consumer<Run> body) {
        long first = System.nanoTime();
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                body.accept(new Run(seed));
            } catch (AssertionError | RuntimeException failure) {
                throw new AssertionError(test.getDisplayName() + ", seed " + seed, failure);
            }
        }
    }
}
