package dev.tutti.tck;

import static dev.tutti.tck.Samples.assertRefused;
import static dev.tutti.tck.Samples.fill;
import static dev.tutti.tck.Samples.fresh;
import static dev.tutti.tck.Samples.page;
import static dev.tutti.tck.Samples.seqs;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.stream.Append;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.ReadResult.Page;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link StreamStore#read} while all events are kept; for dropped events see {@link RetainingStreamStoreContract}. */
public interface ReadContract {
    /** The store; the same one during a test. */
    StreamStore store();

    @Test
    default void aStreamThatDoesNotExistIsEmpty() {
        assertThat(store().read(fresh(), new Range.After(0), 10)).isEqualTo(new Page(List.of(), false));
        assertThat(store().read(fresh(), new Range.Before(Long.MAX_VALUE), 10)).isEqualTo(new Page(List.of(), false));
    }

    @Test
    default void readingForwardGivesPagesWithoutAHole() {
        StreamName stream = fresh();
        fill(store(), stream, 7);

        Page first = page(store(), stream, new Range.After(0), 3);
        Page second = page(store(), stream, new Range.After(3), 3);
        Page third = page(store(), stream, new Range.After(6), 3);

        assertThat(seqs(first.events())).containsExactly(1L, 2L, 3L);
        assertThat(seqs(second.events())).containsExactly(4L, 5L, 6L);
        assertThat(seqs(third.events())).containsExactly(7L);
        assertThat(List.of(first.more(), second.more(), third.more())).containsExactly(true, true, false);
    }

    @Test
    default void readingBackwardGivesTheNewestFirst() {
        StreamName stream = fresh();
        fill(store(), stream, 7);

        Page first = page(store(), stream, new Range.Before(Long.MAX_VALUE), 3);
        Page second = page(store(), stream, new Range.Before(5), 3);
        Page third = page(store(), stream, new Range.Before(2), 3);

        assertThat(seqs(first.events())).containsExactly(7L, 6L, 5L);
        assertThat(seqs(second.events())).containsExactly(4L, 3L, 2L);
        assertThat(seqs(third.events())).containsExactly(1L);
        assertThat(List.of(first.more(), second.more(), third.more())).containsExactly(true, true, false);
    }

    @Test
    default void aPageThatEndsWithTheLastEventHasNoMore() {
        StreamName stream = fresh();
        fill(store(), stream, 3);

        assertThat(page(store(), stream, new Range.After(0), 3).more()).isFalse();
        assertThat(page(store(), stream, new Range.Before(4), 3).more()).isFalse();
    }

    @Test
    default void nothingLiesBehindTheHeadOrBeforeTheBeginning() {
        StreamName stream = fresh();
        fill(store(), stream, 3);

        assertThat(store().read(stream, new Range.After(3), 10)).isEqualTo(new Page(List.of(), false));
        assertThat(store().read(stream, new Range.Before(1), 10)).isEqualTo(new Page(List.of(), false));
        assertThat(store().read(stream, new Range.Before(0), 10)).isEqualTo(new Page(List.of(), false));
    }

    @Test
    default void beyondTheHeadIsAGapBackToIt() {
        StreamName stream = fresh();
        fill(store(), stream, 3);

        Gap ahead = new Gap(stream, 4, 3);
        assertThat(store().read(stream, new Range.After(4), 10)).isEqualTo(ahead);
        assertThat(ahead.reason()).isEqualTo(Gap.Reason.AHEAD);
        assertThat(store().read(stream, new Range.After(Long.MAX_VALUE), 10))
                .isEqualTo(new Gap(stream, Long.MAX_VALUE, 3));

        StreamName unknown = fresh();
        assertThat(store().read(unknown, new Range.After(7), 10)).isEqualTo(new Gap(unknown, 7, 0));
    }

    @Test
    default void aPageIsBoundedInBytes() {
        StreamName stream = fresh();
        Json large = Json.of("1".repeat(200 * 1024));
        List<Append> appends = new ArrayList<>();
        for (int number = 0; number < 12; number++) {
            appends.add(new Append(stream, "large", large));
        }
        store().append(appends);

        Page forward = page(store(), stream, new Range.After(0), 1000);
        Page backward = page(store(), stream, new Range.Before(Long.MAX_VALUE), 1000);

        assertThat(bytes(forward)).isBetween(1L, StreamStore.MAX_PAGE_BYTES);
        assertThat(bytes(backward)).isBetween(1L, StreamStore.MAX_PAGE_BYTES);
        assertThat(forward.more()).isTrue();
        assertThat(backward.more()).isTrue();
        assertThat(backward.events().getFirst().seq()).isEqualTo(12);
        assertThat(Samples.all(store(), stream)).hasSize(12);
    }

    @Test
    default void aThousandEventsAreReadAtOnce() {
        StreamName stream = fresh();
        fill(store(), stream, 1000);

        assertThat(page(store(), stream, new Range.After(0), 1000).events()).hasSize(1000);
    }

    @Test
    default void pagesOfNoneOrOfTooManyAreRefused() {
        assertRefused(ErrorCode.BAD_REQUEST, () -> store().read(fresh(), new Range.After(0), 0));
        assertRefused(ErrorCode.BAD_REQUEST, () -> store().read(fresh(), new Range.After(0), -1));
        assertRefused(ErrorCode.BAD_REQUEST, () -> store().read(fresh(), new Range.After(0), StreamStore.MAX_PAGE + 1));
    }

    private static long bytes(Page page) {
        return page.events().stream().map(Event::data).mapToLong(Json::length).sum();
    }
}
