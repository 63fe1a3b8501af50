package dev.tutti.tck;

import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fill;
import static dev.tutti.tck.Samples.page;
import static dev.tutti.tck.Samples.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.stream.Appended;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.ReadResult.Page;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract of {@link dev.tutti.stream.DeletingStreamStore}: deletion of events before their retention is over. */
public interface DeletingStreamStoreContract {
    /** The store; the same one during a test. */
    DeletingStreamStore deleting();

    @Test
    default void whatWasDeletedGivesAGap() {
        StreamName stream = Samples.fresh();
        fill(deleting(), stream, 5);

        assertThat(deleting().delete(stream, 3)).isEqualTo(3);

        assertThat(deleting().read(stream, new Range.After(0), 10)).isEqualTo(new Gap(stream, 0, 3));
        assertThat(deleting().read(stream, new Range.After(2), 10)).isEqualTo(new Gap(stream, 2, 3));
        assertThat(seqs(page(deleting(), stream, new Range.After(3), 10).events()))
                .containsExactly(4L, 5L);
        Page backward = page(deleting(), stream, new Range.Before(Long.MAX_VALUE), 10);
        assertThat(seqs(backward.events())).containsExactly(5L, 4L);
        assertThat(backward.more()).isFalse();
        assertThat(deleting().delete(stream, 3)).isZero();
    }

    @Test
    default void seqsGoOnWhenEverythingWasDeleted() {
        StreamName stream = Samples.fresh();
        fill(deleting(), stream, 5);

        assertThat(deleting().delete(stream, Long.MAX_VALUE)).isEqualTo(5);

        assertThat(deleting().read(stream, new Range.After(2), 10)).isEqualTo(new Gap(stream, 2, 5));
        assertThat(deleting().read(stream, new Range.After(5), 10)).isEqualTo(new Page(List.of(), false));
        assertThat(deleting().append(List.of(event(stream, 6))).getFirst().seq())
                .isEqualTo(6);
        assertThat(seqs(Samples.all(deleting(), stream))).containsExactly(6L);
    }

    @Test
    default void theKeyOfADeletedEventIsForgotten() {
        StreamName stream = Samples.fresh();
        deleting().append(List.of(event(stream, 1, "first"), event(stream, 2, "second")));
        deleting().delete(stream, 1);

        List<Appended> again = deleting().append(List.of(event(stream, 1, "first"), event(stream, 2, "second")));

        assertThat(again).extracting(Appended::seq).containsExactly(3L, 2L);
        assertThat(again).extracting(Appended::repeated).containsExactly(false, true);
    }

    @Test
    default void nobodyElsesEventsAreDeleted() {
        StreamName stream = Samples.fresh();
        StreamName longer = new StreamName(stream.value() + ":more");
        StreamName other = Samples.fresh("other");
        List.of(stream, longer, other).forEach(each -> fill(deleting(), each, 3));

        assertThat(deleting().delete(stream, Long.MAX_VALUE)).isEqualTo(3);

        assertThat(Samples.all(deleting(), longer)).hasSize(3);
        assertThat(Samples.all(deleting(), other)).hasSize(3);
        assertThat(deleting().delete(Samples.fresh(), Long.MAX_VALUE)).isZero();
    }

    @Test
    default void theOldestAreDeletedFirstAndABoundedNumberAtATime() {
        StreamName stream = Samples.fresh();
        fill(deleting(), stream, DeletingStreamStore.MAX_DELETED);
        fill(deleting(), stream, 5);
        long through = DeletingStreamStore.MAX_DELETED + 3;

        assertThat(deleting().delete(stream, through)).isEqualTo(DeletingStreamStore.MAX_DELETED);
        assertThat(seqs(Samples.all(deleting(), stream)))
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(through - 2, through + 2).boxed().toList());
        assertThat(deleting().delete(stream, through)).isEqualTo(3);
        assertThat(seqs(Samples.all(deleting(), stream))).containsExactly(through + 1, through + 2);
    }

    @Test
    default void readersWhoSawOnlyABeginningOfWhatWasDeletedHaveAGap() {
        StreamName stream = Samples.fresh();
        fill(deleting(), stream, 2);
        Position position = deleting().now();
        fill(deleting(), stream, 2);
        Position later = deleting().now();
        deleting().delete(stream, 4);
        fill(deleting(), stream, 1);

        assertThat(deleting().seen(later, List.of(stream))).isEqualTo(Map.of(stream, 4L));
        assertThat(deleting().changes(position).heads()).containsEntry(stream, 5L);
        long seen = deleting().seen(position, List.of(stream)).getOrDefault(stream, Long.MAX_VALUE);
        assertThat(seen).isLessThanOrEqualTo(2);
        assertThat(deleting().read(stream, new Range.After(seen), 10)).isEqualTo(new Gap(stream, seen, 4));
    }
}
