package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.StreamName;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class LogReaderTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamName SHORT = StreamName.of("short", "1");
    private static final int AT_ONCE = 2;
    private static final int PAGE = 4;

    private final GatedStore store = new GatedStore();
    private final AtomicBoolean noThreads = new AtomicBoolean();
    private final LogReader reader = new LogReader(store, AT_ONCE, PAGE, task -> {
        if (noThreads.get()) {
            throw new InternalError("pretended: no thread can be had");
        }
        return Thread.ofVirtual().unstarted(task);
    });
    private final List<Object> answers = new CopyOnWriteArrayList<>(); // seqs, gaps, codes

    @AfterEach
    void close() {
        store.release();
        reader.close();
    }

    private void read(StreamName stream, long after) {
        reader.page(stream, page -> page, () -> false, after, this::answered, this::failed);
    }

    private void answered(ReadResult result) {
        switch (result) {
            case ReadResult.Page(List<Event> events, boolean more) -> {
                answers.addAll(events.stream().map(Event::seq).toList());
                answers.add(more ? "more" : "end");
            }
            case Gap gap -> answers.add(gap);
        }
    }

    private void failed(TuttiException failure) {
        answers.add(failure.code());
    }

    private static void notExpected(Object answer) {
        throw new AssertionError("an answer that was not expected: " + answer);
    }

    private void awaitAnswers(Object... expected) {
        await().untilAsserted(() -> assertThat(answers).containsExactly(expected));
    }

    @Test
    void aPageHasWhatIsBehindTheCursorAndSaysWhetherThereIsMore() {
        store.add(ROOM, 6);
        read(ROOM, 1);
        awaitAnswers(2L, 3L, 4L, 5L, "more");
        read(ROOM, 5);
        awaitAnswers(2L, 3L, 4L, 5L, "more", 6L, "end");
    }

    @Test
    void aPageIsShownAsItsReaderWantsItAndAnEmptyOneIsNot() {
        store.add(ROOM, 2);
        reader.page(ROOM, events -> events.subList(1, events.size()), () -> false, 0, this::answered, this::failed);
        awaitAnswers(2L, "end");
        reader.page(
                ROOM,
                events -> {
                    throw new AssertionError("there is nothing to show: " + events);
                },
                () -> false,
                2,
                this::answered,
                this::failed);
        awaitAnswers(2L, "end", "end");
    }

    @Test
    void aCursorAheadOfTheLogIsAGapThatSaysSo() {
        store.add(ROOM, 2);
        read(ROOM, 9);
        awaitAnswers(new Gap(ROOM, 9, 2));
        assertThat(new Gap(ROOM, 9, 2).reason()).isEqualTo(Gap.Reason.AHEAD);
    }

    @Test
    void aCursorBeforeWhatIsKeptIsAGapThatSaysSo() {
        store.add(SHORT, 5);
        read(SHORT, 1);
        awaitAnswers(new Gap(SHORT, 1, 2));
        assertThat(new Gap(SHORT, 1, 2).reason()).isEqualTo(Gap.Reason.EXPIRED);
    }

    @Test
    void aReadIsTriedAgainUntilTheStoreIsBack() {
        store.add(ROOM, 1);
        store.fail(away(), new TuttiException(ErrorCode.TIMEOUT, "the store is slow"), away());
        read(ROOM, 0);
        awaitAnswers(1L, "end");
        assertThat(store.reads).hasValue(4);
    }

    @Test
    void whateverElseAReadThrowsIsToldAtOnce() {
        store.add(ROOM, 1);
        store.fail(new TuttiException(ErrorCode.BAD_REQUEST, "the store's own refusal"));
        read(ROOM, 0);
        awaitAnswers(ErrorCode.BAD_REQUEST);
        store.fail(new IllegalStateException("the store's own failure"));
        read(ROOM, 0);
        awaitAnswers(ErrorCode.BAD_REQUEST, ErrorCode.INTERNAL);
        store.fail(new StackOverflowError("the store's own failure"));
        read(ROOM, 0);
        awaitAnswers(ErrorCode.BAD_REQUEST, ErrorCode.INTERNAL, ErrorCode.INTERNAL);
        store.fail(new RejectedExecutionException("a pool of the store's is full"));
        read(ROOM, 0);
        awaitAnswers(ErrorCode.BAD_REQUEST, ErrorCode.INTERNAL, ErrorCode.INTERNAL, ErrorCode.INTERNAL);
        assertThat(store.reads).hasValue(4);
    }

    @Test
    void whatItsReaderThrowsIsToldToIt() {
        store.add(ROOM, 1);
        reader.page(ROOM, page -> page, () -> false, 0, LogReaderTest::notExpected, this::failed);
        awaitAnswers(ErrorCode.INTERNAL);
        reader.page(
                ROOM,
                _ -> {
                    throw new StackOverflowError("the reader's own failure");
                },
                () -> false,
                0,
                this::answered,
                this::failed);
        awaitAnswers(ErrorCode.INTERNAL, ErrorCode.INTERNAL);
    }

    @Test
    void aFailureThatCannotBeToldIsToldAgain() {
        AtomicInteger tries = new AtomicInteger();
        store.fail(new IllegalStateException("the store's own failure"));
        reader.page(ROOM, page -> page, () -> false, 0, LogReaderTest::notExpected, failure -> {
            if (tries.incrementAndGet() < 3) {
                throw new InternalError("pretended: no room for a task");
            }
            failed(failure);
        });
        awaitAnswers(ErrorCode.INTERNAL);
        assertThat(tries).hasValue(3);
    }

    @Test
    void aReadThatCannotBeginIsAFailureToo() {
        store.add(ROOM, 1);
        noThreads.set(true);
        read(ROOM, 0);
        awaitAnswers(ErrorCode.INTERNAL);
        noThreads.set(false);
        read(ROOM, 0);
        awaitAnswers(ErrorCode.INTERNAL, 1L, "end");
    }

    @Test
    void noMoreThanAllowedReadAtATimeAndEachGivesItsPlaceBack() {
        store.add(ROOM, 1);
        store.fail(new StackOverflowError("the store's own failure"), away());
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        CountDownLatch gate = new CountDownLatch(1);
        for (int i = 0; i < 5 * AT_ONCE; i++) {
            reader.<ReadResult>ask(
                    from -> {
                        most.accumulateAndGet(now.incrementAndGet(), Math::max);
                        try {
                            waited(gate);
                            return from.read(ROOM, new Range.After(0), 1);
                        } finally {
                            now.decrementAndGet();
                        }
                    },
                    _ -> answers.add("read"),
                    this::failed);
        }
        await().until(() -> now.get() == AT_ONCE);
        gate.countDown();
        await().untilAsserted(() -> assertThat(answers).hasSize(5 * AT_ONCE));
        assertThat(answers.stream().filter("read"::equals)).hasSize(5 * AT_ONCE - 1);
        assertThat(most).hasValue(AT_ONCE);
    }

    @Test
    void aPageThatNobodyWantsAnyMoreIsNotReadWhenItsTurnComes() {
        store.add(ROOM, 1);
        CountDownLatch gate = new CountDownLatch(1);
        AtomicBoolean over = new AtomicBoolean();
        for (int i = 0; i < AT_ONCE; i++) {
            reader.<String>ask(_ -> waited(gate), answers::add, this::failed);
        }
        for (int i = 0; i < 100; i++) {
            reader.page(ROOM, page -> page, over::get, 0, this::answered, this::failed);
        }
        over.set(true);
        gate.countDown();

        await().untilAsserted(() -> assertThat(answers).hasSize(AT_ONCE + 100));
        assertThat(answers).containsOnly("waited", "end");
        assertThat(store.reads).hasValue(0);
    }

    private static String waited(CountDownLatch gate) {
        try {
            gate.await();
            return "waited";
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("the reader was closed by force", closing);
        }
    }

    @Test
    void closingEndsTheWaitForAStoreThatIsAwayAndTellsNobody() {
        store.fail(IntStream.range(0, 1_000).mapToObj(_ -> away()).toArray(Throwable[]::new));
        read(ROOM, 0);
        await().until(() -> store.reads.get() >= 2);
        reader.close();
        int before = store.reads.get();
        read(ROOM, 0);
        assertThat(store.reads).hasValueLessThanOrEqualTo(before + 1); // one may have been under way
        assertThat(answers).isEmpty();
    }

    private static TuttiException away() {
        return new TuttiException(ErrorCode.UNAVAILABLE, "the store is away");
    }
}
