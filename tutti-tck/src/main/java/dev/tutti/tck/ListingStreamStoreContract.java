package dev.tutti.tck;

import static dev.tutti.tck.Samples.assertRefused;
import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fill;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.stream.Appended;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The contract of {@link dev.tutti.stream.ListingStreamStore}: listing the streams of a store. */
public interface ListingStreamStoreContract {
    /** A character that sorts after every character of names. */
    String END = "\u007f";

    /** The store; the same one during a test. */
    ListingStreamStore listing();

    @Test
    default void streamsAreListedInTheOrderOfTheirBytes() {
        String beginning = "room:" + UUID.randomUUID();
        List<String> sorted = Stream.of("", "-", ".", "0", "9", ":", "A", "Z", "Za", "_", "a", "a-b", "aZ", "z", "~")
                .map(end -> beginning + end)
                .toList();
        sorted.reversed().forEach(name -> fill(listing(), new StreamName(name), 1));

        assertThat(names(beginning, beginning + END, 100)).isEqualTo(sorted);
    }

    @Test
    default void aRangeBeginsWithItsFirstNameAndEndsBeforeItsLast() {
        String beginning = "room:" + UUID.randomUUID() + ".";
        for (String end : List.of("a", "b", "c", "d")) {
            fill(listing(), new StreamName(beginning + end), 1);
        }

        assertThat(names(beginning + "b", beginning + "d", 100)).containsExactly(beginning + "b", beginning + "c");
        assertThat(names(beginning, beginning + END, 2)).containsExactly(beginning + "a", beginning + "b");
        assertThat(names(beginning + "b!", beginning + END, 1)).containsExactly(beginning + "c");
        assertThat(names(beginning + "d", beginning + "b", 100)).isEmpty();
        assertThat(names(beginning + "b", beginning + "b", 100)).isEmpty();
    }

    @Test
    default void aStreamIsListedWithItsLastEvent() {
        StreamName stream = Samples.fresh();
        fill(listing(), stream, 2);
        Appended last = listing().append(List.of(event(stream, 3))).getFirst();

        assertThat(listing().list(stream.value(), stream.value() + "!", 10))
                .containsExactly(new StreamHead(stream, 3, last.at()));
    }

    @Test
    default void aStreamThatWasOnlyReadIsNotListed() {
        StreamName stream = Samples.fresh();
        Samples.all(listing(), stream);

        assertThat(listing().list(stream.value(), stream.value() + "!", 10)).isEmpty();
    }

    @Test
    default void pagesOfStreamsAreBounded() {
        assertRefused(ErrorCode.BAD_REQUEST, () -> listing().list("", END, 0));
        assertRefused(ErrorCode.BAD_REQUEST, () -> listing().list("", END, ListingStreamStore.MAX_LISTED + 1));
    }

    private List<String> names(String from, String before, int limit) {
        return listing().list(from, before, limit).stream()
                .map(head -> head.stream().value())
                .toList();
    }
}
