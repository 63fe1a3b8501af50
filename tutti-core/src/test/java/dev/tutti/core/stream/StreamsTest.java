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
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StreamsTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamSettings QUICK =
            new StreamSettings(2, 4, 5, Duration.ofMillis(20), Duration.ofMinutes(1));

    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final Outage store = new Outage(memory);
    private final Streams streams = new Streams(
            store,
            QUICK,
            new SimpleMeterRegistry(),
            new SharedBus(new NoBus(), () -> true, Optional.empty(), new SimpleMeterRegistry()));

    /** A store that can be away. */
    private static final class Outage extends ForwardingStreamStore {
        private final StreamStore reached;
        volatile boolean away;
        volatile CountDownLatch gate = new CountDownLatch(0);

        Outage(StreamStore reached) {
            this.reached = reached;
        }

        @Override
        protected StreamStore behind() {
            try {
                gate.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            if (away) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the store is away");
            }
            return reached;
        }
    }

    @AfterEach
    void close() {
        store.away = false;
        store.gate.countDown();
        streams.close();
    }

    private static Append event(int n) {
        return new Append(ROOM, "said", Json.of(Integer.toString(n)));
    }

    private List<Long> subscribe(long after) {
        List<Long> seqs = new CopyOnWriteArrayList<>();
        streams.subscribe(ROOM, after, (Event event) -> seqs.add(event.seq()));
        return seqs;
    }

    private static void awaitExactly(List<Long> seqs, long first, long last) {
        List<Long> expected = LongStream.rangeClosed(first, last).boxed().toList();
        await().untilAsserted(() -> assertThat(seqs).containsExactlyElementsOf(expected));
    }

    @Test
    void aSubscriberGetsHistoryThenWhatIsNewWithoutSeam() {
        IntStream.range(0, 12).forEach(n -> streams.append(event(n)));
        List<Long> fromTheStart = subscribe(0);
        List<Long> fromTheMiddle = subscribe(6);
        IntStream.range(0, 30).forEach(n -> streams.append(event(n)));
        awaitExactly(fromTheStart, 1, 42);
        awaitExactly(fromTheMiddle, 7, 42);
    }

    @Test
    void whatNobodyAnnouncedIsFoundByTheSweep() {
        List<Long> seqs = subscribe(0);
        streams.append(event(1));
        awaitExactly(seqs, 1, 1);
        memory.append(List.of(event(2), event(3))); // as another instance would, whose hint was lost
        awaitExactly(seqs, 1, 3);
        streams.append(event(4));
        awaitExactly(seqs, 1, 4);
    }

    @Test
    void aHoleIsReadBeforeWhatComesAfterIt() {
        List<Long> seqs = subscribe(0);
        for (int n = 0; n < 40; n += 2) {
            memory.append(List.of(event(n)));
            streams.append(event(n + 1));
        }
        awaitExactly(seqs, 1, 40);
    }

    @Test
    void anAppendWhileTheStoreIsAwayFailsAndDeliveriesGoOnAfterwards() {
        List<Long> seqs = subscribe(0);
        streams.append(event(1));
        store.away = true;
        assertThatThrownBy(() -> streams.append(event(2)))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        memory.append(List.of(event(2)));
        List<Long> late = subscribe(0);
        store.away = false;
        awaitExactly(seqs, 1, 2);
        awaitExactly(late, 1, 2);
    }

    @Test
    void aRepeatedKeyIsTheSameEventAndIsDeliveredOnce() {
        List<Long> seqs = subscribe(0);
        Append once = new Append(ROOM, "said", Json.of("1"), "key");
        Appended first = streams.append(once);
        Appended again = streams.append(once);
        streams.append(event(2));
        assertThat(again.seq()).isEqualTo(first.seq());
        assertThat(again.repeated()).isTrue();
        awaitExactly(seqs, 1, 2);
    }

    @Test
    void concurrentAppendsShareTransactionsAndKeepEachCallersOrder() {
        store.gate = new CountDownLatch(1);
        List<CompletableFuture<Appended>> results = IntStream.range(0, 500)
                .mapToObj(n -> streams.appendAsync(event(n)))
                .toList();
        store.gate.countDown();
        List<Long> seqs =
                results.stream().map(CompletableFuture::join).map(Appended::seq).toList();
        assertThat(seqs)
                .containsExactlyElementsOf(
                        LongStream.rangeClosed(1, 500).boxed().toList());
    }

    @Test
    void appendsBeyondTheBoundAreRefusedAtOnceAndTheOthersSurvive() {
        store.gate = new CountDownLatch(1);
        Append large = new Append(ROOM, "said", Json.of("\"" + "x".repeat(Append.MAX_DATA_BYTES - 2) + "\""));
        assertThatThrownBy(() -> {
                    for (int n = 0; n < 1_000; n++) {
                        streams.appendAsync(large);
                    }
                })
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.OVERLOADED));
        store.gate.countDown();
        await().ignoreExceptions()
                .untilAsserted(() -> assertThat(streams.append(event(1)).seq()).isPositive());
    }

    @Test
    void closingWritesWhatCallersWaitFor() {
        List<CompletableFuture<Appended>> results = IntStream.range(0, 100)
                .mapToObj(n -> streams.appendAsync(event(n)))
                .toList();
        streams.close();
        assertThat(results).allSatisfy(result -> assertThat(result).isCompleted());
        assertThat(memory.read(ROOM, new Range.After(0), 1000))
                .isInstanceOfSatisfying(
                        ReadResult.Page.class, page -> assertThat(page.events()).hasSize(100));
        assertThatThrownBy(() -> streams.append(event(1)))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.GOING_AWAY));
    }

    @Test
    void aConsumerThatFailsIsNotGivenMoreSoThatItLosesNothing() {
        List<Long> seqs = new CopyOnWriteArrayList<>();
        streams.subscribe(ROOM, 0, (Event event) -> {
            if (event.seq() == 3) {
                throw new IllegalStateException("the consumer's own failure");
            }
            seqs.add(event.seq());
        });
        List<Long> healthy = subscribe(0);
        IntStream.range(0, 6).forEach(n -> streams.append(event(n)));
        awaitExactly(healthy, 1, 6);
        awaitExactly(seqs, 1, 2);
        streams.append(event(6));
        awaitExactly(healthy, 1, 7);
        assertThat(seqs).containsExactly(1L, 2L);
    }
}
