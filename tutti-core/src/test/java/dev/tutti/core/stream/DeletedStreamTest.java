package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.bus.NoBus;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Subscribers of a stream whose events are deleted. */
class DeletedStreamTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamSettings QUICK =
            new StreamSettings(2, 4, 5, Duration.ofMillis(20), Duration.ofMinutes(1));

    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final Streams streams = over(memory);

    private static Streams over(StreamStore store) {
        return new Streams(
                store,
                QUICK,
                new SimpleMeterRegistry(),
                new SharedBus(new NoBus(), () -> true, Optional.empty(), new SimpleMeterRegistry()));
    }

    @AfterEach
    void close() {
        streams.close();
    }

    private void fill(int events) {
        for (int n = 0; n < events; n++) {
            streams.append(new Append(ROOM, "said", Json.of("1")));
        }
    }

    @Test
    void aSubscriberIsToldInOrderAndGoesOn() {
        Recorder recorder = new Recorder();
        streams.subscribe(ROOM, 0, recorder);
        fill(3);
        await().untilAsserted(() -> assertThat(recorder.told).containsExactly(1L, 2L, 3L));

        assertThat(streams.delete(ROOM)).isEqualTo(new DeletedEvents(4, 3, true));
        fill(1);

        await().untilAsserted(() -> assertThat(recorder.told).containsExactly(1L, 2L, 3L, 4L, 5L));
    }

    @Test
    void aSubscriberWhoWasBehindIsToldAGap() {
        fill(3);
        streams.delete(ROOM);
        fill(1);
        Recorder recorder = new Recorder();

        streams.subscribe(ROOM, 1, recorder);

        await().untilAsserted(() -> assertThat(recorder.told).containsExactly(new ReadResult.Gap(ROOM, 1, 3), 4L, 5L));
    }

    @Test
    void theEventThatTellsOfADeletionGoesWithTheNextOne() {
        fill(3);
        assertThat(streams.delete(ROOM)).isEqualTo(new DeletedEvents(4, 3, true));
        assertThat(streams.delete(ROOM)).isEqualTo(new DeletedEvents(5, 1, true));
        assertThat(streams.head(ROOM)).isEqualTo(5);
    }

    @Test
    void anotherCallDeletesWhatIsTooMuchForOne() {
        for (int thousands = 0; thousands < 21; thousands++) {
            memory.append(Collections.nCopies(1_000, new Append(ROOM, "said", Json.of("1"))));
        }

        assertThat(streams.delete(ROOM)).isEqualTo(new DeletedEvents(21_001, 20_000, false));
        assertThat(streams.delete(ROOM)).isEqualTo(new DeletedEvents(21_002, 1_001, true));
    }

    private static void isUnsupported(ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        TuttiException.class, none -> assertThat(none.code()).isEqualTo(ErrorCode.UNSUPPORTED));
    }

    @Test
    void aStoreThatCannotDeleteSaysSo() {
        StreamStore plain = new ForwardingStreamStore() {
            @Override
            protected StreamStore behind() {
                return memory;
            }
        };
        try (Streams without = over(plain)) {
            fill(1);
            isUnsupported(() -> without.delete(ROOM));
            isUnsupported(() -> without.list("", "z", 1));
        }
        assertThat(streams.head(ROOM)).isEqualTo(1);
    }
}
