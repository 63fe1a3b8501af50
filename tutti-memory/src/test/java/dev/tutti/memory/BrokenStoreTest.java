package dev.tutti.memory;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Changes;
import dev.tutti.stream.Event;
import dev.tutti.stream.Position;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.StreamName;
import dev.tutti.stream.StreamStore;
import dev.tutti.tck.RetainingStreamStoreContract;
import dev.tutti.tck.StreamStoreContract;
import dev.tutti.testkit.fixture.ForwardingStreamStore;
import dev.tutti.testkit.fixture.MovedClock;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** The contract's tests can fail: each of these stores has one defect, and does not pass them. */
class BrokenStoreTest {
    @Test
    void aStoreThatForgetsKeysIsFound() {
        StreamStore broken = new Decorated() {
            @Override
            public List<Appended> append(List<Append> appends) {
                return super.append(appends.stream()
                        .map(append -> new Append(append.stream(), append.type(), append.data()))
                        .toList());
            }
        };
        assertFound(broken, StreamStoreContract::aRepeatedKeyAnswersTheFirstEventAndAddsNothing);
        assertFound(broken, StreamStoreContract::oneEventComesOfManyWhoSendTheSameKeyAtOnce);
        assertFound(broken, StreamStoreContract::aRandomRunGivesWhatTheModelGives);
    }

    @Test
    void aStoreThatLosesAnEventNowAndThenIsFound() {
        StreamStore broken = new Decorated() {
            @Override
            public ReadResult read(StreamName stream, Range range, int limit) {
                return mapPage(super.read(stream, range, limit), event -> event.seq() % 37 != 0);
            }
        };
        assertFound(broken, StreamStoreContract::appendersOfOverlappingStreamsNeitherDeadlockNorLeaveHoles);
        assertFound(broken, StreamStoreContract::aThousandEventsAreReadAtOnce);
    }

    @Test
    void aStoreWhoseLaterEventsAreSeenBeforeEarlierOnesIsFound() {
        StreamStore broken = new Decorated() {
            @Override
            public ReadResult read(StreamName stream, Range range, int limit) {
                long hidden = RandomGenerator.getDefault().nextLong(100);
                return mapPage(super.read(stream, range, limit), event -> event.seq() != hidden);
            }
        };
        assertFound(broken, StreamStoreContract::appendersOfOverlappingStreamsNeitherDeadlockNorLeaveHoles);
    }

    @Test
    void aStoreWhosePositionsMoveIsFound() {
        StreamStore broken = new Decorated() {
            @Override
            public Map<StreamName, Long> seen(Position position, Collection<StreamName> streams) {
                return super.seen(super.now(), streams);
            }
        };
        assertFound(broken, StreamStoreContract::whatWasCommittedBeforeAPositionIsSeenAndNothingElse);
        assertFound(broken, StreamStoreContract::aPositionTakenWhileOthersAppendDividesBeforeFromAfter);
    }

    @Test
    void aStoreThatMissesChangesIsFound() {
        StreamStore broken = new Decorated() {
            @Override
            public Changes changes(Position since) {
                Changes changes = super.changes(since);
                Map<StreamName, Long> heads = new HashMap<>(changes.heads());
                heads.values().removeIf(head -> head % 5 == 0);
                return new Changes(changes.now(), heads, changes.complete());
            }
        };
        assertFound(broken, StreamStoreContract::changesWhileOthersAppendMissNothingAndAddNothing);
    }

    @Test
    void aStoreThatRepeatsChangesIsFound() {
        StreamStore broken = new Decorated() {
            private final Position start = super.now();

            @Override
            public Changes changes(Position since) {
                return super.changes(start);
            }
        };
        assertFound(broken, StreamStoreContract::changesAreTheStreamsThatChangedAndTheirHeads);
        assertFound(broken, StreamStoreContract::changesWhileOthersAppendMissNothingAndAddNothing);
    }

    @Test
    void aStoreThatHidesItsGapsIsFound() {
        MovedClock clock = new MovedClock();
        RetainingStreamStoreContract contract = new RetainingStreamStoreContract() {
            private final HidingStore store = new HidingStore(new MemoryStreamStore(POLICY, clock));

            @Override
            public RetainingStreamStore retaining() {
                return store;
            }

            @Override
            public void pass(Duration time) {
                clock.pass(time);
            }
        };
        assertThatThrownBy(contract::whatIsTooOldGivesAGap).isInstanceOf(AssertionError.class);
        assertThatThrownBy(contract::whatIsTooMuchGivesAGap).isInstanceOf(AssertionError.class);
        assertThatThrownBy(contract::whoDidNotSeeWhatWasDroppedHasAGap).isInstanceOf(AssertionError.class);
    }

    private static void assertFound(StreamStore broken, Consumer<StreamStoreContract> test) {
        StreamStoreContract contract = () -> broken;
        assertThatThrownBy(() -> test.accept(contract)).isInstanceOf(AssertionError.class);
    }

    private static ReadResult mapPage(ReadResult result, Predicate<Event> kept) {
        return switch (result) {
            case ReadResult.Gap gap -> gap;
            case ReadResult.Page(List<Event> events, boolean more) ->
                new ReadResult.Page(events.stream().filter(kept).toList(), more);
        };
    }

    /** A sound store to be spoilt. */
    private static class Decorated extends ForwardingStreamStore {
        private final StreamStore sound;

        Decorated() {
            this(new MemoryStreamStore(RetainingStreamStoreContract.POLICY, Clock.systemUTC()));
        }

        Decorated(StreamStore sound) {
            this.sound = sound;
        }

        @Override
        protected StreamStore behind() {
            return sound;
        }
    }

    /** Goes on behind a gap as if there were none. */
    private static final class HidingStore extends Decorated implements RetainingStreamStore {
        HidingStore(StreamStore sound) {
            super(sound);
        }

        @Override
        public ReadResult read(StreamName stream, Range range, int limit) {
            return switch (super.read(stream, range, limit)) {
                case ReadResult.Gap gap -> super.read(stream, new Range.After(gap.resume()), limit);
                case ReadResult.Page page -> page;
            };
        }

        @Override
        public void retain() {}
    }
}
