package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Json;
import dev.tutti.stream.NothingAppendedException;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import java.time.Clock;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AppendCombinerTest {
    private static final int MOST_BYTES = 400_000;
    private static final StreamName FREE = StreamName.of("room", "free");
    private static final StreamName LOCKED = StreamName.of("room", "locked");
    private static final StreamName LOCKED_TOO = StreamName.of("room", "locked-too");

    private final MemoryStreamStore memory =
            new MemoryStreamStore(new RetentionPolicy(Map.of(), Retention.of(Duration.ofDays(1))), Clock.systemUTC());
    private final Store store = new Store();
    private final List<AppendCombiner> combiners = new CopyOnWriteArrayList<>();

    /** A store of which some streams can be locked, and that can fail before or after it has committed. */
    private final class Store extends ForwardingStreamStore {
        final Set<StreamName> locked = ConcurrentHashMap.newKeySet();
        volatile Runnable before = () -> {};
        volatile Runnable after = () -> {};

        @Override
        protected StreamStore behind() {
            return memory;
        }

        @Override
        public List<Appended> append(List<Append> appends) {
            before.run();
            Set<StreamName> wanted = new HashSet<>(locked);
            wanted.retainAll(appends.stream().map(Append::stream).toList());
            if (!wanted.isEmpty()) {
                throw new NothingAppendedException(ErrorCode.UNAVAILABLE, "locked", wanted, null);
            }
            List<Appended> results = memory.append(appends);
            after.run();
            return results;
        }
    }

    /** A result that fails to be told so many times, as if there were no memory for it. */
    private static final class StubbornResult extends CompletableFuture<Appended> {
        private final AtomicInteger failures;

        StubbornResult(int failures) {
            this.failures = new AtomicInteger(failures);
        }

        private void fail() {
            if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
                throw new OutOfMemoryError("pretended: no memory for a result");
            }
        }

        @Override
        public boolean complete(@Nullable Appended value) {
            fail();
            return super.complete(value);
        }

        @Override
        public boolean completeExceptionally(Throwable failure) {
            fail();
            return super.completeExceptionally(failure);
        }
    }

    private AppendCombiner combiner(Duration patience, BiConsumer<List<Append>, List<Appended>> committed) {
        AppendCombiner combiner = new AppendCombiner(store, "test", committed, MOST_BYTES, patience);
        combiners.add(combiner);
        return combiner;
    }

    @AfterEach
    void close() {
        store.locked.clear();
        combiners.forEach(combiner -> combiner.close(Deadline.in(Duration.ofSeconds(10))));
    }

    private static Append event(StreamName stream) {
        return new Append(stream, "said", Json.of("1"));
    }

    private int stored(StreamName stream) {
        return memory.read(stream, new Range.After(0), 1000) instanceof ReadResult.Page page
                ? page.events().size()
                : -1;
    }

    private static void assertFails(CompletableFuture<Appended> result, Class<? extends Throwable> with) {
        assertThatThrownBy(result::join).cause().isInstanceOf(with);
    }

    @Test
    void aListenerThatThrowsAfterTheCommitChangesNothing() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {
            throw new AssertionError("the listener's own failure");
        });
        List<CompletableFuture<Appended>> results = List.of(combiner.append(event(FREE)), combiner.append(event(FREE)));
        assertThat(results).extracting(result -> result.join().seq()).containsExactly(1L, 2L);
        assertThat(stored(FREE)).isEqualTo(2);
    }

    @Test
    void whatMayHaveBeenCommittedIsNotAppendedAgain() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {});
        for (Throwable failure : List.of(
                new IllegalStateException(),
                new OutOfMemoryError("pretended"),
                new TuttiException(ErrorCode.INTERNAL, ""))) {
            int before = stored(FREE);
            store.after = () -> {
                store.after = () -> {};
                AppendCombinerTest.<RuntimeException>sneak(failure);
            };
            assertFails(combiner.append(event(FREE)), failure.getClass());
            assertThat(stored(FREE)).isEqualTo(before + 1);
        }
        assertThat(combiner.append(event(FREE)).join().seq()).isEqualTo(4);
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void sneak(Throwable failure) throws T {
        throw (T) failure;
    }

    @Test
    void whatWaitsStaysWithinItsBytes() throws InterruptedException {
        CountDownLatch writing = new CountDownLatch(1);
        CompletableFuture<Boolean> goOn = new CompletableFuture<>();
        store.before = () -> {
            writing.countDown();
            assertThat(goOn.join()).isTrue();
        };
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {});
        CompletableFuture<Appended> first = combiner.append(event(FREE));
        writing.await();
        Append large = new Append(FREE, "said", Json.of("\"" + "x".repeat(MOST_BYTES / 4) + "\""));
        List<CompletableFuture<Appended>> waiting =
                List.of(combiner.append(large), combiner.append(large), combiner.append(large));

        assertThatThrownBy(() -> combiner.append(large))
                .isInstanceOfSatisfying(
                        TuttiException.class,
                        refused -> assertThat(refused.code()).isEqualTo(ErrorCode.OVERLOADED));

        goOn.complete(true);
        assertThat(first.join().seq()).isEqualTo(1);
        assertThat(waiting).extracting(each -> each.join().seq()).containsExactly(2L, 3L, 4L);
        assertThat(combiner.append(large).join().seq())
                .as("there is room again")
                .isEqualTo(5);
    }

    @Test
    void lockedStreamsWaitAloneAndInOrder() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(30), (_, _) -> {});
        store.locked.addAll(Set.of(LOCKED, LOCKED_TOO));
        List<CompletableFuture<Appended>> waiting = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 50; i++) {
            waiting.add(combiner.append(event(LOCKED)));
            var _ = combiner.append(event(LOCKED_TOO));
            assertThat(combiner.append(event(FREE)).join().seq()).isEqualTo(i + 1);
        }
        assertThat(waiting).noneMatch(CompletableFuture::isDone);
        store.locked.remove(LOCKED);
        waiting.add(combiner.append(event(LOCKED)));
        for (int i = 0; i < waiting.size(); i++) {
            assertThat(waiting.get(i).join().seq()).isEqualTo(i + 1);
        }
        assertThat(stored(LOCKED_TOO)).isZero();
    }

    private static void awaitFailure(CompletableFuture<Appended> result, ErrorCode code) {
        await().until(result::isDone);
        assertThat(result.exceptionNow())
                .isInstanceOfSatisfying(
                        TuttiException.class, told -> assertThat(told.code()).isEqualTo(code));
    }

    @Test
    void aCallerWhoCannotBeToldAtFirstIsToldAndHoldsUpNobody() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {});
        CompletableFuture<Appended> stubborn = combiner.append(
                new WaitingAppend(event(FREE), new StubbornResult(3))); // done, failed, and failed again
        awaitFailure(stubborn, ErrorCode.INTERNAL);
        CompletableFuture<Appended> next = combiner.append(event(FREE));
        await().until(next::isDone);
        assertThat(next.join().seq()).isEqualTo(2);
    }

    @Test
    void aTryOfALockedStreamWhoseCallerCannotBeToldHoldsUpNobody() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(30), (_, _) -> {});
        AtomicInteger tries = new AtomicInteger();
        store.before = tries::incrementAndGet;
        store.locked.add(LOCKED);
        CompletableFuture<Appended> stubborn = combiner.append(new WaitingAppend(event(LOCKED), new StubbornResult(3)));
        await().until(() -> tries.get() > 1); // by those that wait for locked streams, too
        store.locked.clear();
        awaitFailure(stubborn, ErrorCode.INTERNAL);
        CompletableFuture<Appended> next = combiner.append(event(LOCKED));
        await().until(next::isDone);
        assertThat(next.join().seq()).isEqualTo(2);
    }

    @Test
    void aRefusalThatCannotBeToldAtFirstIsToldAndHoldsUpNobody() {
        AppendCombiner combiner = combiner(Duration.ofMillis(1), (_, _) -> {});
        store.locked.add(LOCKED);
        awaitFailure(combiner.append(new WaitingAppend(event(LOCKED), new StubbornResult(2))), ErrorCode.UNAVAILABLE);
        awaitFailure(combiner.append(event(LOCKED)), ErrorCode.UNAVAILABLE);
        store.locked.clear();
        await().until(() -> combiner.waiting() == 0);
        CompletableFuture<Appended> next = combiner.append(event(LOCKED));
        await().until(next::isDone);
        assertThat(next.join().seq()).isEqualTo(1);
    }

    @Test
    void aStreamThatStaysLockedIsUnavailableInTheEndAndNothingOfItIsAdded() {
        AppendCombiner combiner = combiner(Duration.ofMillis(1), (_, _) -> {});
        store.locked.add(LOCKED);
        CompletableFuture<Appended> refused = combiner.append(event(LOCKED));
        assertThatThrownBy(refused::join)
                .cause()
                .isInstanceOfSatisfying(
                        NothingAppendedException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        store.locked.clear();
        await().untilAsserted(() -> assertThat(combiner.waiting()).isZero());
        assertThat(combiner.append(event(LOCKED)).join().seq()).isEqualTo(1);
    }

    @Test
    void whatMayNotBeAddedAnyMoreIsNotAndHoldsUpNobody() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(30), (_, _) -> {});
        store.locked.add(LOCKED);
        CompletableFuture<Appended> late = combiner.append(event(LOCKED), Deadline.in(Duration.ofMillis(1)));
        CompletableFuture<Appended> patient = combiner.append(event(LOCKED), Deadline.in(Duration.ofMinutes(1)));
        assertThatThrownBy(late::join)
                .cause()
                .isInstanceOfSatisfying(
                        NothingAppendedException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.TIMEOUT));
        assertThat(patient).isNotDone();
        store.locked.clear();
        assertThat(patient.join().seq()).isEqualTo(1);
        assertThat(stored(LOCKED)).isEqualTo(1);
    }

    @Test
    void whatWaitsForLockedStreamsIsBounded() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(30), (_, _) -> {});
        store.locked.add(LOCKED);
        List<CompletableFuture<Appended>> results = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 1_001; i++) {
            results.add(combiner.append(event(LOCKED)));
        }
        assertFails(results.getLast(), TuttiException.class);
        store.locked.clear();
        assertThat(results.subList(0, 1_000))
                .allSatisfy(result -> assertThat(result.join().repeated()).isFalse());
        assertThat(stored(LOCKED)).isEqualTo(1_000);
    }

    @Test
    void anIdleOneClosesHoweverLittleTimeIsLeft() throws InterruptedException {
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {});
        CompletableFuture<Thread> writing = new CompletableFuture<>();
        store.before = () -> writing.complete(Thread.currentThread());
        assertThat(combiner.append(event(FREE)).join().seq()).isEqualTo(1);
        combiner.end();
        assertThat(writing.join().join(Duration.ofSeconds(30))).isTrue();

        assertThatCode(() -> combiner.close(Deadline.in(Duration.ZERO))).doesNotThrowAnyException();
    }

    @Test
    void anAppendThatTheStoreRefusesDoesNotFailItsNeighbours() {
        AppendCombiner combiner = combiner(Duration.ofSeconds(10), (_, _) -> {});
        Append poison = event(StreamName.of("room", "poison"));
        List<Append> seen = new CopyOnWriteArrayList<>();
        AppendWriter writer = new AppendWriter(new Refusing(poison), (appends, _) -> seen.addAll(appends));
        List<WaitingAppend> batch = List.of(
                new WaitingAppend(event(FREE), new CompletableFuture<>()),
                new WaitingAppend(poison, new CompletableFuture<>()),
                new WaitingAppend(event(FREE), new CompletableFuture<>()));
        assertThat(writer.write(batch)).isEmpty();
        assertThat(batch)
                .extracting(waiting -> waiting.result().isCompletedExceptionally())
                .containsExactly(false, true, false);
        assertThat(seen).hasSize(2);
        assertThat(combiner.append(event(FREE)).join().seq()).isEqualTo(3);
    }

    /** Refuses every append that {@code poison} is part of, before anything is added. */
    private final class Refusing extends ForwardingStreamStore {
        private final Append poison;

        Refusing(Append poison) {
            this.poison = poison;
        }

        @Override
        protected StreamStore behind() {
            return memory;
        }

        @Override
        public List<Appended> append(List<Append> appends) {
            if (appends.contains(poison)) {
                throw new NothingAppendedException(ErrorCode.INTERNAL, "refused", Set.of(), null);
            }
            return memory.append(appends);
        }
    }
}
