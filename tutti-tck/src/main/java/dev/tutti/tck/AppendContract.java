package dev.tutti.tck;

import static dev.tutti.tck.Samples.assertRefused;
import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fresh;
import static dev.tutti.tck.Samples.page;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The contract of {@link StreamStore#append} with one caller. */
public interface AppendContract {
    /** The store; the same one during a test. */
    StreamStore store();

    @Test
    default void anEventIsReadAsItWasAppended() {
        StreamName stream = fresh();
        Json data = Json.of("{\"text\":\"grüß dich 👋\",\"nothing\":null}");

        Appended appended = store().append(List.of(new Append(stream, "said.a_b:c-D", data, "anna.!~1")))
                .getFirst();

        assertThat(page(store(), stream, new Range.After(0), 10).events())
                .containsExactly(new Event(stream, 1, "said.a_b:c-D", data, "anna.!~1", appended.at()));
        assertThat(appended.repeated()).isFalse();
    }

    @Test
    default void bytesThatAreNotTextAreKeptAsTheyAre() {
        StreamName stream = fresh();
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }

        store().append(List.of(new Append(stream, "raw", Json.of(bytes))));

        assertThat(Samples.all(store(), stream).getFirst().data().bytes()).isEqualTo(bytes);
    }

    @Test
    default void theLargestEventWithTheLongestNamesIsKept() {
        StreamName stream = StreamName.of("k".repeat(32), fresh().id() + "~".repeat(128 - 36));
        Append append = new Append(stream, "t".repeat(64), Json.of("1".repeat(Append.MAX_DATA_BYTES)), "k".repeat(64));

        store().append(List.of(append));

        Event event = Samples.all(store(), stream).getFirst();
        assertThat(new Append(event.stream(), event.type(), event.data(), event.key()))
                .isEqualTo(append);
    }

    @Test
    default void seqsBeginAtOneAndFollowTheOrderOfTheList() {
        StreamName a = fresh();
        StreamName b = fresh();

        List<Appended> first = store().append(List.of(event(b, 1), event(a, 1), event(b, 2)));
        List<Appended> second = store().append(List.of(event(a, 2), event(b, 3)));

        assertThat(first).extracting(Appended::seq).containsExactly(1L, 1L, 2L);
        assertThat(second).extracting(Appended::seq).containsExactly(2L, 3L);
        assertThat(Samples.all(store(), b))
                .extracting(event -> event.data().toString())
                .containsExactly("{\"n\":1}", "{\"n\":2}", "{\"n\":3}");
    }

    @Test
    default void timeNeverGoesBackWithinAStream() {
        StreamName stream = fresh();
        for (int number = 0; number < 20; number++) {
            store().append(List.of(event(stream, number), event(stream, number)));
        }

        assertThat(Samples.all(store(), stream)).extracting(Event::at).isSorted();
    }

    @Test
    default void nothingAppendedIsNothingDone() {
        assertThat(store().append(List.of())).isEmpty();
    }

    @Test
    default void aRepeatedKeyAnswersTheFirstEventAndAddsNothing() {
        StreamName stream = fresh();
        Appended first = store().append(List.of(event(stream, 1, "k"))).getFirst();
        store().append(List.of(event(stream, 2)));

        Appended repeat = store().append(List.of(event(stream, 99, "k"))).getFirst();

        assertThat(repeat).isEqualTo(new Appended(1, first.at(), true));
        assertThat(Samples.all(store(), stream))
                .extracting(event -> event.data().toString())
                .containsExactly("{\"n\":1}", "{\"n\":2}");
    }

    @Test
    default void aKeyRepeatedWithinTheListIsOneEvent() {
        StreamName stream = fresh();
        store().append(List.of(event(stream, 0, "known")));

        List<Appended> results = store().append(List.of(
                event(stream, 1, "new"),
                event(stream, 2),
                event(stream, 3, "new"),
                event(stream, 4, "known"),
                event(stream, 5, "other"),
                event(stream, 6, "new")));

        assertThat(results).extracting(Appended::seq).containsExactly(2L, 3L, 2L, 1L, 4L, 2L);
        assertThat(results).extracting(Appended::repeated).containsExactly(false, false, true, true, false, true);
        assertThat(results.get(2).at()).isEqualTo(results.getFirst().at());
        assertThat(Samples.all(store(), stream)).hasSize(4);
    }

    @Test
    default void theSameKeyInAnotherStreamIsAnotherEvent() {
        StreamName a = fresh();
        StreamName b = fresh();

        assertThat(store().append(List.of(event(a, 1, "k"), event(b, 1, "k"))))
                .extracting(Appended::repeated)
                .containsExactly(false, false);
        assertThat(store().append(List.of(event(fresh(), 1, "k"))).getFirst().repeated())
                .isFalse();
    }

    @Test
    default void keysAndTypesThatLookAlikeAreDifferent() {
        StreamName stream = fresh();

        assertThat(store().append(List.of(event(stream, 1, "k"), event(stream, 2, "K"), event(stream, 3, "k'--"))))
                .extracting(Appended::seq)
                .containsExactly(1L, 2L, 3L);
    }

    @Test
    default void aThousandEventsAreAppendedAtOnceAndOneMoreIsRefused() {
        StreamName stream = fresh();
        List<Append> appends = new ArrayList<>();
        for (int number = 0; number < StreamStore.MAX_APPENDS; number++) {
            appends.add(event(stream, number, "k" + number));
        }

        assertThat(store().append(appends).getLast().seq()).isEqualTo(StreamStore.MAX_APPENDS);

        appends.add(event(stream, 1000));
        assertRefused(ErrorCode.BAD_REQUEST, () -> store().append(appends));
        assertThat(Samples.all(store(), stream)).hasSize(StreamStore.MAX_APPENDS);
    }
}
