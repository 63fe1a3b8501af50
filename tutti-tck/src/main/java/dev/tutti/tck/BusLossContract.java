package dev.tutti.tck;

import static dev.tutti.tck.BusEnds.connect;
import static dev.tutti.tck.BusEnds.hears;
import static dev.tutti.tck.BusEnds.until;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.bus.Bus;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The contract of a bus about loss: the listener is told of a gap after connections were cut or buffers were full, wherever a message was
 * lost.
 */
public interface BusLossContract {
    /** A new end of the bus, as for another instance, not started. All ends belong to one bus. The test closes it. */
    Bus open();

    /** Cuts all connections of {@code end}, and of no other end. The end must reconnect by itself. */
    void interrupt(Bus end);

    @Test
    default void anInterruptedListenerHearsAgainAndIsToldOfTheGapBefore() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            List<String> others =
                    IntStream.range(0, 20).mapToObj(number -> "other " + number).toList();
            others.forEach(topic -> connect(publisher, listener, topic));
            connect(publisher, listener, "numbers");
            listener.forget();

            interrupt(listener.bus());
            publishUntilAMessageBehindAGap(publisher, listener);

            assertThatEachHoleIsBehindAGap(listener);
            others.forEach(topic -> hears(publisher, listener, topic));
        }
    }

    @Test
    default void anInterruptedPublisherIsHeardAgainAndNothingTwice() {
        try (BusEnds ends = new BusEnds(this::open)) {
            BusEnd publisher = ends.start();
            BusEnd listener = ends.start();
            connect(publisher, listener, "numbers");
            listener.forget();
            AtomicInteger next = new AtomicInteger();

            for (int time = 0; time < 3; time++) {
                publishBurst(publisher, next);
                interrupt(publisher.bus());
                int before = next.get();
                until("a message after the interruption", () -> {
                    publishBurst(publisher, next);
                    return numbers(listener).stream().anyMatch(number -> number > before);
                });
            }

            assertThatEachHoleIsBehindAGap(listener);
        }
    }

    @Test
    default void manyMessagesForASlowListenerNeitherBlockNorAreLostUntold() {
        try (BusEnds ends = new BusEnds(this::open)) {
            flood(ends, 100_000, 10);
        }
    }

    @Tag("slow")
    @Test
    default void moreThanFitsIntoTheMemoryIsLostAndTheSlowListenerIsTold() {
        try (BusEnds ends = new BusEnds(this::open)) {
            int megabyte = 1_000_000;
            int more = (int) (Runtime.getRuntime().maxMemory() / megabyte * 5 / 4);

            BusEnd listener = flood(ends, more, megabyte);

            assertThat(numbers(listener)).hasSizeLessThan(more);
            assertThat(listener.heard()).contains(new BusEnd.Gap());
        }
    }

    private static BusEnd flood(BusEnds ends, int messages, int bytes) {
        BusEnd publisher = ends.start();
        BusEnd listener = ends.start();
        connect(publisher, listener, "numbers");
        listener.forget();

        listener.hold();
        try (TestThreads threads = new TestThreads()) {
            threads.add(() -> {
                for (int number = 1; number <= messages; number++) {
                    publisher.publish("numbers", number + " ".repeat(bytes - ("" + number).length()));
                }
            });
        }
        listener.release();
        AtomicInteger next = new AtomicInteger(messages);
        until("a message after the flood", () -> {
            publisher.publish("numbers", "" + next.incrementAndGet());
            return numbers(listener).stream().anyMatch(number -> number > messages);
        });
        assertThatEachHoleIsBehindAGap(listener);
        return listener;
    }

    private static void publishUntilAMessageBehindAGap(BusEnd publisher, BusEnd listener) {
        AtomicInteger next = new AtomicInteger();
        until("a message behind a gap", () -> {
            publishBurst(publisher, next);
            List<BusEnd.Heard> heard = listener.heard();
            int gap = heard.indexOf(new BusEnd.Gap());
            return gap >= 0 && heard.size() > gap + 1;
        });
    }

    private static void publishBurst(BusEnd publisher, AtomicInteger next) {
        for (int i = 0; i < 20; i++) {
            publisher.publish("numbers", "" + next.incrementAndGet());
        }
    }

    /** Numbers must grow, and before the message after a hole there must be a gap. It is not known which gap belongs to which hole. */
    private static void assertThatEachHoleIsBehindAGap(BusEnd listener) {
        int last = 0;
        boolean told = false;
        for (BusEnd.Heard heard : listener.heard()) {
            switch (heard) {
                case BusEnd.Gap() -> told = true;
                case BusEnd.Message message -> {
                    int number = number(message);
                    assertThat(number).isGreaterThan(last);
                    assertThat(number == last + 1 || told)
                            .as("whether a gap was told between or before %d and %d", last, number)
                            .isTrue();
                    last = number;
                }
            }
        }
    }

    private static List<Integer> numbers(BusEnd listener) {
        return listener.messages().stream().map(BusLossContract::number).toList();
    }

    private static int number(BusEnd.Message message) {
        return Integer.parseInt(message.text().trim());
    }
}
