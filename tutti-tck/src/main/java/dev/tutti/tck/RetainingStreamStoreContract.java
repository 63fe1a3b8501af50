package dev.tutti.tck;

import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fill;
import static dev.tutti.tck.Samples.page;
import static dev.tutti.tck.Samples.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.stream.Appended;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.ReadResult.Page;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** The contract of {@link dev.tutti.stream.RetainingStreamStore}: dropping events that are too old or too many. */
public interface RetainingStreamStoreContract {
    /** The retention of the tests: a week, an hour, at most ten events of a week, and a day for other kinds. */
    RetentionPolicy POLICY = new RetentionPolicy(
            Map.of(
                    "conversation", Retention.of(Duration.ofDays(7)),
                    "typing", Retention.of(Duration.ofHours(1)),
                    "short", new Retention(Duration.ofDays(7), 10)),
            Retention.of(Duration.ofDays(1)));

    /** A store with {@link #POLICY}, whose {@link RetainingStreamStore#retain} was called; the same one during a test. */
    RetainingStreamStore retaining();

    /** Moves the clock by which the store decides. */
    void pass(Duration time);

    @Test
    default void whatIsTooOldGivesAGap() {
        StreamName stream = Samples.fresh("conversation");
        fill(retaining(), stream, 5);
        pass(Duration.ofDays(4));
        fill(retaining(), stream, 2);
        pass(Duration.ofDays(4));

        assertThat(retaining().read(stream, new Range.After(0), 10)).isEqualTo(new Gap(stream, 0, 5));
        assertThat(retaining().read(stream, new Range.After(4), 10)).isEqualTo(new Gap(stream, 4, 5));
        assertThat(seqs(page(retaining(), stream, new Range.After(5), 10).events()))
                .containsExactly(6L, 7L);
        Page backward = page(retaining(), stream, new Range.Before(Long.MAX_VALUE), 10);
        assertThat(seqs(backward.events())).containsExactly(7L, 6L);
        assertThat(backward.more()).isFalse();
    }

    @Test
    default void whatIsTooMuchGivesAGap() {
        StreamName stream = Samples.fresh("short");
        fill(retaining(), stream, 25);

        assertThat(retaining().read(stream, new Range.After(14), 100)).isEqualTo(new Gap(stream, 14, 15));
        assertThat(page(retaining(), stream, new Range.After(15), 100).events()).hasSize(10);
        Page backward = page(retaining(), stream, new Range.Before(Long.MAX_VALUE), 100);
        assertThat(backward.events()).hasSize(10);
        assertThat(backward.more()).isFalse();
        assertThat(page(retaining(), stream, new Range.Before(18), 100).events())
                .hasSize(2);
    }

    @Test
    default void kindsThatAreNotNamedAreKeptAsTheOthers() {
        StreamName stream = Samples.fresh("whatever");
        StreamName named = Samples.fresh("typing");
        fill(retaining(), stream, 3);
        fill(retaining(), named, 3);

        pass(Duration.ofHours(2));
        assertThat(Samples.all(retaining(), stream)).hasSize(3);
        assertThat(Samples.all(retaining(), named)).isEmpty();

        pass(Duration.ofHours(23));
        assertThat(Samples.all(retaining(), stream)).isEmpty();
    }

    @Test
    default void retainingChangesNothingOfWhatIsKept() {
        StreamName stream = Samples.fresh("conversation");
        fill(retaining(), stream, 5);
        pass(Duration.ofDays(4));
        fill(retaining(), stream, 2);
        pass(Duration.ofDays(4));
        ReadResult forward = retaining().read(stream, new Range.After(5), 10);
        ReadResult backward = retaining().read(stream, new Range.Before(Long.MAX_VALUE), 10);

        retaining().retain();
        retaining().retain();

        assertThat(retaining().read(stream, new Range.After(0), 10)).isEqualTo(new Gap(stream, 0, 5));
        assertThat(retaining().read(stream, new Range.After(5), 10)).isEqualTo(forward);
        assertThat(retaining().read(stream, new Range.Before(Long.MAX_VALUE), 10))
                .isEqualTo(backward);
    }

    @Test
    default void seqsGoOnWhenNothingIsLeft() {
        StreamName stream = Samples.fresh("conversation");
        fill(retaining(), stream, 5);
        pass(Duration.ofDays(30));
        retaining().retain();

        assertThat(retaining().read(stream, new Range.After(2), 10)).isEqualTo(new Gap(stream, 2, 5));
        assertThat(retaining().read(stream, new Range.After(5), 10)).isEqualTo(new Page(List.of(), false));
        assertThat(retaining().read(stream, new Range.Before(Long.MAX_VALUE), 10))
                .isEqualTo(new Page(List.of(), false));
        assertThat(retaining().append(List.of(event(stream, 6))))
                .extracting(Appended::seq)
                .containsExactly(6L);
        assertThat(seqs(Samples.all(retaining(), stream))).containsExactly(6L);
    }

    @Test
    default void aKeyIsKnownAsLongAsItsEventIsKept() {
        StreamName stream = Samples.fresh("conversation");
        retaining().append(List.of(event(stream, 1, "k")));
        pass(Duration.ofDays(6));
        retaining().retain();

        assertThat(retaining().append(List.of(event(stream, 1, "k"))).getFirst().repeated())
                .isTrue();
    }

    @Test
    default void whoSawEverythingBeforeItWasDroppedHasNoGap() {
        StreamName stream = Samples.fresh("conversation");
        fill(retaining(), stream, 5);
        Position position = retaining().now();
        pass(Duration.ofDays(30));
        retaining().retain();
        fill(retaining(), stream, 2);

        assertThat(retaining().seen(position, List.of(stream))).isEqualTo(Map.of(stream, 5L));
    }

    @Test
    default void whoDidNotSeeWhatWasDroppedHasAGap() {
        StreamName stream = Samples.fresh("conversation");
        fill(retaining(), stream, 5);
        Position position = retaining().now();
        fill(retaining(), stream, 5);
        pass(Duration.ofDays(30));
        retaining().retain();

        assertThat(retaining().changes(position).now()).isNotEqualTo(position);
        assertGap(stream, position);
        fill(retaining(), stream, 2);
        assertGap(stream, position);
    }

    @Test
    default void retainingDisturbsNobodyWhoAppends() {
        List<StreamName> streams = List.of(
                Samples.fresh("conversation"), Samples.fresh("typing"), Samples.fresh("short"), Samples.fresh("other"));
        AtomicBoolean done = new AtomicBoolean();
        try (TestThreads retainers = new TestThreads()) {
            for (int i = 0; i < 2; i++) {
                retainers.add(() -> {
                    while (!done.get()) {
                        retaining().retain();
                    }
                });
            }
            try (TestThreads appenders = new TestThreads()) {
                for (StreamName stream : streams) {
                    appenders.add(() -> {
                        for (int number = 1; number <= 100; number++) {
                            Appended appended = retaining()
                                    .append(List.of(event(stream, number)))
                                    .getFirst();
                            assertThat(appended.seq()).isEqualTo(number);
                        }
                    });
                }
            } finally {
                done.set(true);
            }
        }
    }

    private void assertGap(StreamName stream, Position position) {
        StreamStore store = retaining();
        long seen = store.seen(position, List.of(stream)).getOrDefault(stream, Long.MAX_VALUE);
        assertThat(seen).isLessThanOrEqualTo(5);
        assertThat(store.read(stream, new Range.After(seen), 10)).isEqualTo(new Gap(stream, seen, 10));
    }
}
