package dev.tutti.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusListener;
import dev.tutti.cluster.bus.SharedBus;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.ReadResult.Gap;
import dev.tutti.stream.StreamName;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** One stream's channel as its members see it. No sweep looks again: what is missed here is missed. */
class StreamChannelTest {
    private static final StreamName ROOM = StreamName.of("room", "1");
    private static final StreamName SHORT = StreamName.of("short", "1");

    private final GatedStore store = new GatedStore();
    private final AtomicInteger missingThreads = new AtomicInteger();
    private final LogReader reader = new LogReader(store, 4, 5, task -> {
        if (missingThreads.getAndUpdate(missing -> Math.max(0, missing - 1)) > 0) {
            throw new InternalError("pretended: no thread can be had");
        }
        return Thread.ofVirtual().unstarted(task);
    });
    private final StubbornBus bus = new StubbornBus();
    private final StreamHub hub =
            new StreamHub(reader, new SharedBus(bus, () -> true, Optional.empty(), new SimpleMeterRegistry()));
    private final Executor loop = new SerialExecutor("loop");

    @AfterEach
    void close() {
        store.release();
        reader.close();
    }

    static Stream<Throwable> anything() {
        return Stream.of(new IllegalStateException("a member's own failure"), new StackOverflowError("a member's own"));
    }

    private static void sneak(Throwable what) {
        if (what instanceof Error error) {
            throw error;
        }
        throw (RuntimeException) what;
    }

    /** A member that notes what it is told, and its subscription. */
    private record Member(Recorder recorder, StreamSubscription subscription) {
        void awaitTold(Object... expected) {
            await().untilAsserted(() -> assertThat(recorder.told).containsExactly(expected));
        }

        void awaitRun(long first, long last) {
            awaitTold(LongStream.rangeClosed(first, last).boxed().toArray());
        }

        /** What counts as delivered to it. */
        long seen() {
            return there(subscription::seen);
        }

        boolean isLive() {
            return there(subscription::live);
        }

        private <T> T there(Supplier<T> look) {
            return CompletableFuture.supplyAsync(look, recorder.executor()).join();
        }
    }

    private StreamSubscription join(StreamName stream, long after, Subscriber subscriber) {
        StreamSubscription subscription = hub.add(stream, after, subscriber, null);
        subscriber.executor().execute(() -> subscription.guarded(subscription::begin));
        return subscription;
    }

    private Member join(StreamName stream, long after, Executor executor, Consumer<Event> first) {
        Recorder recorder = new Recorder(executor, first);
        return new Member(recorder, join(stream, after, recorder));
    }

    private Member join(StreamName stream, long after) {
        return join(stream, after, loop, _ -> {});
    }

    /** A member that throws {@code what} in the place of taking event {@code seq}. */
    private Member join(StreamName stream, long seq, Throwable what) {
        return join(stream, 0, loop, event -> {
            if (event.seq() == seq) {
                sneak(what);
            }
        });
    }

    private static Member live(Member member) {
        await().until(member::isLive);
        return member;
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aMemberThatThrowsEndsAloneAndIsToldToComeAgain(Throwable what) {
        Member first = live(join(ROOM, 0));
        Member broken = live(join(ROOM, 2, what));
        Member last = live(join(ROOM, 0));
        Member elsewhere = live(join(ROOM, 0, new SerialExecutor("elsewhere"), _ -> {}));
        for (int i = 0; i < 3; i++) {
            hub.announce(store.add(ROOM, 1));
        }
        List.of(first, last, elsewhere).forEach(member -> member.awaitRun(1, 3));
        broken.awaitTold(1L, ErrorCode.INTERNAL);
        assertThat(ErrorCode.INTERNAL.retry()).isNotEqualTo(ErrorCode.Retry.NEVER);
        join(ROOM, broken.seen()).awaitRun(2, 3);
    }

    @ParameterizedTest
    @MethodSource("anything")
    void nothingOfARunCountsAsDeliveredIfItsMemberFailsWithinIt(Throwable what) {
        Member broken = live(join(ROOM, 2, what));
        Member whole = live(join(ROOM, 0));
        hub.announce(store.add(ROOM, 3));
        whole.awaitRun(1, 3);
        broken.awaitTold(1L, ErrorCode.INTERNAL);
        assertThat(broken.seen()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void nothingOfAPageCountsAsDeliveredIfItsMemberFailsWithinIt(Throwable what) {
        store.add(ROOM, 3);
        Member whole = join(ROOM, 0);
        Member broken = join(ROOM, 2, what);
        whole.awaitRun(1, 3);
        broken.awaitTold(1L, ErrorCode.INTERNAL);
        assertThat(broken.seen()).isZero();
    }

    @ParameterizedTest
    @MethodSource("anything")
    void aMemberThatThrowsWhateverItIsToldEndsAlone(Throwable what) {
        store.add(SHORT, 5);
        Member whole = live(join(SHORT, 2));
        AtomicBoolean ended = new AtomicBoolean();
        StreamSubscription broken = join(SHORT, 1, new Subscriber() {
            @Override
            public Executor executor() {
                return loop;
            }

            @Override
            public boolean ready() {
                return true;
            }

            @Override
            public void onEvents(EncodeOnce<List<Event>> events, int from) {
                sneak(what);
            }

            @Override
            public void onGap(ReadResult.Gap gap) {
                sneak(what);
            }

            @Override
            public void onFailure(TuttiException failure) {
                ended.set(true);
                sneak(what);
            }
        });
        await().untilTrue(ended);
        hub.announce(store.add(SHORT, 1));
        whole.awaitRun(3, 6);
        assertThat(CompletableFuture.supplyAsync(broken::seen, loop).join()).isEqualTo(1);
    }

    @Test
    void aCursorAheadOfTheLogIsAGapAndNobodyElsesState() {
        store.add(ROOM, 2);
        Member honest = live(join(ROOM, 2));
        Member liar = live(join(ROOM, 9));
        Gap ahead = new Gap(ROOM, 9, 2);
        assertThat(ahead.reason()).isEqualTo(Gap.Reason.AHEAD);
        hub.announce(store.add(ROOM, 1));
        liar.awaitTold(ahead, 3L);
        honest.awaitTold(3L);
    }

    @Test
    void whatIsNoLongerKeptIsAGapForThoseWhoHaveNotHadIt() {
        Member early = live(join(SHORT, 0));
        store.add(SHORT, 5);
        Member late = live(join(SHORT, 0));
        late.awaitTold(new Gap(SHORT, 0, 2), 3L, 4L, 5L);
        hub.known(Map.of(SHORT, 5L));
        early.awaitTold(new Gap(SHORT, 0, 2), 3L, 4L, 5L);
        hub.announce(store.add(SHORT, 1));
        early.awaitTold(new Gap(SHORT, 0, 2), 3L, 4L, 5L, 6L);
        late.awaitTold(new Gap(SHORT, 0, 2), 3L, 4L, 5L, 6L);
    }

    @Tag("slow")
    @Test
    void aHoleIsReadOnceForAll() {
        List<Member> members =
                IntStream.range(0, 20).mapToObj(_ -> live(join(ROOM, 0))).toList();
        int before = store.reads.get();
        store.add(ROOM, 2);
        hub.announce(store.add(ROOM, 1));
        members.forEach(member -> member.awaitRun(1, 3));
        assertThat(store.reads).hasValue(before + 1);
    }

    @Test
    void whatComesWhileTheChannelReadsIsNeitherLostNorDoubled() {
        Member member = live(join(ROOM, 0));
        int before = store.reads.get();
        store.hold();
        store.add(ROOM, 2);
        hub.known(Map.of(ROOM, 2L));
        await().until(() -> store.reads.get() == before + 1); // has read 1 and 2, and does not answer yet
        hub.announce(store.add(ROOM, 1));
        store.add(ROOM, 7);
        hub.known(Map.of(ROOM, 10L));
        hub.announce(store.add(ROOM, 1));
        store.release();
        member.awaitRun(1, 11);
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 12);
    }

    @Test
    void whatComesWhileAMemberReadsIsNeitherLostNorDoubled() {
        store.add(ROOM, 7);
        Member other = live(join(ROOM, 7));
        int before = store.reads.get();
        store.hold();
        Member member = join(ROOM, 0);
        await().until(() -> store.reads.get() == before + 1); // has read the first page, and does not answer yet
        hub.announce(store.add(ROOM, 1));
        hub.announce(store.add(ROOM, 2));
        store.release();
        member.awaitRun(1, 10);
        other.awaitRun(8, 10);
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 11);
    }

    @Test
    void aMemberWhosePageIsOlderThanThatOfTheFirstToBeLiveReadsOn() {
        store.add(ROOM, 1);
        CountDownLatch held = store.hold();
        Member slow = join(ROOM, 0);
        await().until(() -> store.reads.get() == 1); // has read 1, and does not answer yet
        store.holdNoMore();
        store.add(ROOM, 1); // of which nobody hears
        live(join(ROOM, 0)).awaitRun(1, 2);
        held.countDown();
        slow.awaitRun(1, 2);
    }

    @Test
    void whatIsAnnouncedAgainOrLateIsNotDoubled() {
        Member member = live(join(ROOM, 0));
        List<Event> first = store.add(ROOM, 2);
        List<Event> second = store.add(ROOM, 2);
        hub.announce(second);
        hub.announce(first);
        hub.announce(second);
        hub.announce(Stream.concat(first.stream(), second.stream()).toList());
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 5);
    }

    @Test
    void aHeadThatTheLogDoesNotReachIsNotBelieved() {
        Member member = live(join(ROOM, 0));
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 1);
        int before = store.reads.get();
        hub.known(Map.of(ROOM, 1_000L));
        await().until(() -> store.reads.get() == before + 1);
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 2);
        await().until(() -> hub.hasPassedOn(Map.of(ROOM, 2L)));
    }

    @Test
    void aHoleThatTheChannelCannotReadIsReadByItsMembers() {
        Member member = live(join(ROOM, 0));
        Member other = live(join(ROOM, 0));
        store.fail(new IllegalStateException("the store's own failure"));
        store.add(ROOM, 2);
        hub.announce(store.add(ROOM, 1));
        List.of(member, other).forEach(each -> each.awaitRun(1, 3));
        hub.announce(store.add(ROOM, 1));
        List.of(member, other).forEach(each -> each.awaitRun(1, 4));
    }

    @Test
    void aMemberThatCannotReadEndsAloneAndIsToldToComeAgain() {
        Member other = live(join(ROOM, 0));
        store.fail(new IllegalStateException("the store's own failure"));
        join(ROOM, 0).awaitTold(ErrorCode.INTERNAL);
        hub.announce(store.add(ROOM, 1));
        other.awaitRun(1, 1);
    }

    @Test
    void aChannelThatHadNoThreadToReadWithGoesOn() {
        Member member = live(join(ROOM, 0));
        store.add(ROOM, 1);
        missingThreads.set(1);
        hub.announce(store.add(ROOM, 1)); // its members read the hole themselves
        member.awaitRun(1, 2);
        store.add(ROOM, 1);
        hub.announce(store.add(ROOM, 1));
        member.awaitRun(1, 4);
    }

    @Test
    void aMemberThatHasNoThreadToReadWithEndsAloneAndIsToldToComeAgain() {
        Member other = live(join(ROOM, 0));
        missingThreads.set(1);
        join(ROOM, 0).awaitTold(ErrorCode.INTERNAL);
        hub.announce(store.add(ROOM, 1));
        other.awaitRun(1, 1);
    }

    @Test
    void aMemberIsToldThatItEndedAlthoughTheBusFails() {
        Member broken = live(join(ROOM, 1, new IllegalStateException("a member's own failure")));
        bus.fails = true;
        hub.announce(store.add(ROOM, 1));
        broken.awaitTold(ErrorCode.INTERNAL);
    }

    @Test
    void aFeedIsToldThatItEndedAlthoughTheBusFails() {
        Recorder recorder = new Recorder(loop, _ -> sneak(new IllegalStateException("a subscription's own failure")));
        Map<StreamName, Long> all = Map.of(ROOM, 0L, SHORT, 0L);
        FollowSubscription following = new FollowSubscription(hub, reader, () -> all, recorder);
        loop.execute(() -> following.guarded(() -> following.begin(all)));
        await().until(() -> !recorder.positions.isEmpty());
        bus.fails = true;
        hub.announce(store.add(ROOM, 1));
        await().untilAsserted(() -> assertThat(recorder.told).containsExactly(ErrorCode.INTERNAL));
    }

    /** A bus that carries nothing, and takes no unsubscription if it is told so. */
    private static final class StubbornBus implements Bus {
        volatile boolean fails;

        @Override
        public void start(BusListener listener) {}

        @Override
        public void subscribe(String topic) {}

        @Override
        public void unsubscribe(String topic) {
            if (fails) {
                throw new IllegalStateException("the bus's own failure");
            }
        }

        @Override
        public void publish(String topic, byte[] payload) {}

        @Override
        public void close() {}
    }
}
