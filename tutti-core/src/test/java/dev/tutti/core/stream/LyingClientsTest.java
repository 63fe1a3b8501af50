package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Cursors, marks and stores that say more than there is. */
class LyingClientsTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamName OTHER = StreamName.of("room", "2");
    private static final long FAR = 999_999_999_999_999_999L;
    private static final StreamSettings QUICK =
            new StreamSettings(2, 4, 5, Duration.ofMillis(20), Duration.ofMinutes(1));
    private static final StreamSettings SELDOM =
            new StreamSettings(2, 4, 5, Duration.ofHours(1), Duration.ofMinutes(1));

    private LossyStore store = new LossyStore(true);
    private Streams streams = streams(QUICK);

    private Streams streams(StreamSettings settings) {
        SimpleMeterRegistry meters = new SimpleMeterRegistry();
        return new Streams(store, settings, meters, new SharedBus(new NoBus(), () -> true, Optional.empty(), meters));
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private void append(int count) {
        for (int i = 0; i < count; i++) {
            streams.append(new Append(ROOM, "said", Json.of("1")));
        }
    }

    private Recorder subscribe(long after) {
        Recorder recorder = new Recorder();
        streams.subscribe(ROOM, after, recorder);
        return recorder;
    }

    private static void awaitTold(Recorder recorder, Object... expected) {
        await().untilAsserted(() -> assertThat(recorder.told).containsExactly(expected));
    }

    @Test
    void aCursorAheadOfTheLogIsToldSoAndIsNobodyElsesState() {
        append(2);
        Recorder liar = subscribe(FAR);
        awaitTold(liar, new Gap(ROOM, FAR, 2));
        Recorder honest = subscribe(2);
        append(2);
        awaitTold(liar, new Gap(ROOM, FAR, 2), 3L, 4L);
        awaitTold(honest, 3L, 4L);
    }

    @Test
    void aCursorAheadOfAnEmptyStreamGoesOnFromItsBeginning() {
        Recorder liar = subscribe(7);
        awaitTold(liar, new Gap(ROOM, 7, 0));
        append(1);
        awaitTold(liar, new Gap(ROOM, 7, 0), 1L);
    }

    @Test
    void aMarkAheadOfTheLogIsToldSoWithinTheFeed() {
        append(2);
        Recorder liar = new Recorder();
        String token = streams.token() + "~" + ROOM.value() + "@" + FAR;
        streams.follow(() -> Map.of(ROOM, 0L, OTHER, 0L), token, liar);
        awaitTold(liar, new Gap(ROOM, FAR, 2));
        Recorder honest = subscribe(2);
        append(1);
        awaitTold(liar, new Gap(ROOM, FAR, 2), 3L);
        awaitTold(honest, 3L);
    }

    @Test
    void whatCameInThePlaceOfLostEventsComesAfterAGap() {
        append(15);
        Recorder connected = subscribe(12);
        awaitTold(connected, 13L, 14L, 15L);
        store.loseBehind(ROOM, 12);
        append(1);
        awaitTold(connected, 13L, 14L, 15L, new Gap(ROOM, 15, 12), 13L);
        append(1);
        awaitTold(connected, 13L, 14L, 15L, new Gap(ROOM, 15, 12), 13L, 14L);
    }

    @Test
    void lostEventsAreNoticedWithoutTheSweepWhenOthersComeInTheirPlace() {
        streams.close();
        store = new LossyStore(false);
        streams = streams(SELDOM);
        append(15);
        Recorder connected = subscribe(12);
        awaitTold(connected, 13L, 14L, 15L);
        append(1);
        awaitTold(connected, 13L, 14L, 15L, 16L);
        store.loseBehind(ROOM, 12);
        append(1);
        awaitTold(connected, 13L, 14L, 15L, 16L, new Gap(ROOM, 16, 12), 13L);
    }

    @Test
    void theSweepNoticesLostEventsThatNobodyReplaces() {
        append(15);
        Recorder connected = subscribe(14);
        awaitTold(connected, 15L);
        store.loseBehind(ROOM, 12);
        awaitTold(connected, 15L, new Gap(ROOM, 15, 12));
    }

    @Test
    void theSweepNoticesThatTheLogHasGrownBeyondWhatWasLost() {
        append(15);
        Recorder connected = subscribe(12);
        awaitTold(connected, 13L, 14L, 15L);
        store.loseBehind(ROOM, 12);
        store.append(List.of(
                new Append(ROOM, "said", Json.of("1")),
                new Append(ROOM, "said", Json.of("2")),
                new Append(ROOM, "said", Json.of("3")),
                new Append(ROOM, "said", Json.of("4")))); // as another instance does, whose hint was lost
        awaitTold(connected, 13L, 14L, 15L, new Gap(ROOM, 15, 12), 13L, 14L, 15L, 16L);
    }

    @Test
    void aFeedGoesOnAfterLostEventsToo() {
        append(15);
        Recorder connected = new Recorder();
        streams.follow(() -> Map.of(ROOM, 12L), null, connected);
        append(1);
        awaitTold(connected, 16L);
        store.loseBehind(ROOM, 12);
        append(1);
        awaitTold(connected, 16L, new Gap(ROOM, 16, 12), 13L);
    }
}
