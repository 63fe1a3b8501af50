package dev.tutti.tck;

import static dev.tutti.tck.Samples.assertRefused;
import static dev.tutti.tck.Samples.event;
import static dev.tutti.tck.Samples.fill;
import static dev.tutti.tck.Samples.fresh;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.ErrorCode;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The contract of {@link Position} with one caller; under load see {@link ConcurrentAppendContract}. */
public interface PositionContract {
    /** The store; the same one during a test. */
    StreamStore store();

    @Test
    default void whatWasCommittedBeforeAPositionIsSeenAndNothingElse() {
        StreamName stream = fresh();
        StreamName later = fresh();
        Position before = store().now();
        fill(store(), stream, 3);
        Position between = store().now();
        fill(store(), stream, 2);
        fill(store(), later, 1);
        Position after = store().now();

        List<StreamName> streams = List.of(stream, later);
        assertThat(store().seen(before, streams)).isEqualTo(Map.of(stream, 0L, later, 0L));
        assertThat(store().seen(between, streams)).isEqualTo(Map.of(stream, 3L, later, 0L));
        assertThat(store().seen(after, streams)).isEqualTo(Map.of(stream, 5L, later, 1L));
    }

    @Test
    default void streamsThatDoNotExistAreSeenAtZero() {
        StreamName unknown = fresh();

        assertThat(store().seen(store().now(), List.of(unknown))).isEqualTo(Map.of(unknown, 0L));
        assertThat(store().seen(store().now(), List.of())).isEmpty();
    }

    @Test
    default void seenIsFoundHoweverFarBackItLies() {
        StreamName stream = fresh();
        fill(store(), stream, 500);
        Position position = store().now();
        for (int times = 0; times < 4; times++) {
            fill(store(), stream, 1000);
        }

        assertThat(store().seen(position, List.of(stream))).isEqualTo(Map.of(stream, 500L));
    }

    @Test
    default void changesAreTheStreamsThatChangedAndTheirHeads() {
        StreamName quiet = fresh();
        StreamName busy = fresh();
        StreamName created = fresh();
        fill(store(), quiet, 2);
        fill(store(), busy, 2);
        Position since = store().now();
        fill(store(), busy, 1);
        fill(store(), created, 4);
        fill(store(), busy, 1);

        Changes changes = store().changes(since);

        assertThat(changes.complete()).isTrue();
        assertThat(changes.heads())
                .containsEntry(busy, 4L)
                .containsEntry(created, 4L)
                .doesNotContainKey(quiet);
        assertThat(store().changes(changes.now()).heads()).doesNotContainKeys(quiet, busy, created);
    }

    @Test
    default void aRepeatedAppendIsNoChange() {
        StreamName stream = fresh();
        store().append(List.of(event(stream, 1, "k")));
        Position since = store().now();
        store().append(List.of(event(stream, 1, "k")));

        assertThat(store().changes(since).heads()).doesNotContainKey(stream);
    }

    @Test
    default void tooManyChangesAreSaidToBeIncomplete() {
        Position since = store().now();
        for (int times = 0; times <= StreamStore.MAX_STREAMS / StreamStore.MAX_APPENDS; times++) {
            List<StreamName> streams = new ArrayList<>();
            for (int number = 0; number < StreamStore.MAX_APPENDS; number++) {
                streams.add(fresh());
            }
            store().append(streams.stream().map(stream -> event(stream, 1)).toList());
        }
        StreamName stream = fresh();

        Changes changes = store().changes(since);
        fill(store(), stream, 1);

        assertThat(changes.complete()).isFalse();
        assertThat(store().changes(changes.now()).heads()).containsEntry(stream, 1L);
    }

    @Test
    default void manyStreamsAreAskedForAtOnceButNotMore() {
        StreamName known = fresh();
        fill(store(), known, 3);
        Position position = store().now();
        fill(store(), known, 1);
        List<StreamName> streams = new ArrayList<>(List.of(known));
        while (streams.size() < StreamStore.MAX_STREAMS) {
            streams.add(fresh());
        }

        assertThat(store().seen(position, streams))
                .hasSize(StreamStore.MAX_STREAMS)
                .containsEntry(known, 3L);

        streams.add(fresh());
        assertRefused(ErrorCode.BAD_REQUEST, () -> store().seen(position, streams));
    }

    @Test
    default void tokensThatAreNotThisStoresAreRefused() {
        String real = store().now().token();
        List<String> tokens = List.of(
                "garbage",
                "0",
                "-",
                ".",
                "...",
                "1.2.3",
                "1.1.1.1",
                "9".repeat(Position.MAX_LENGTH),
                "x" + real,
                real + ".",
                real + "x",
                real + "-",
                real + "99999999999999999999999",
                real + ".1.2-3",
                real.substring(1),
                real.replaceAll("[0-9]", "-"),
                real.replaceAll("[0-9]+$", "-1"),
                real.replaceAll("[0-9]+$", "9223372036854775808"),
                real.replaceAll("[0-9]+$", "99999999999"));

        for (String token : tokens) {
            Position foreign = new Position(token);
            assertRefused(ErrorCode.BAD_REQUEST, () -> store().seen(foreign, List.of(fresh())));
            assertRefused(ErrorCode.BAD_REQUEST, () -> store().changes(foreign));
        }
    }
}
