package dev.tutti.core.cache;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.NodeTag;
import dev.tutti.core.cache.CacheMessage.Scope;
import dev.tutti.core.cache.LoadCoordinator.Answer;
import dev.tutti.core.cache.LoadCoordinator.Asker;
import dev.tutti.core.cache.LoadCoordinator.Granted;
import dev.tutti.core.cache.LoadCoordinator.Handed;
import dev.tutti.core.cache.LoadCoordinator.LoadYourself;
import dev.tutti.core.cache.LoadCoordinator.Waiting;
import dev.tutti.protocol.Slice;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

/** What a coordinator says, to questions in any order. */
class LoadCoordinatorTest {
    private static final int WORLDS = 3_000;
    private static final long TIMEOUT = 100;
    private static final NodeTag ANN = new NodeTag("ann");
    private static final NodeTag BOB = new NodeTag("bob");
    private static final NodeTag EVE = new NodeTag("eve");
    private static final CacheKey KEY = new CacheKey("scores", "final");
    private static final Slice VALUE = Slice.of("2:1");

    private final LoadCoordinator coordinator = new LoadCoordinator();

    private List<Answer> ask(NodeTag who, long request, VersionVector version, long now) {
        return coordinator.ask(new Asker(who, request), KEY, version, TIMEOUT, now);
    }

    @Test
    void theFirstLoadsAndTheOthersGetWhatItReports() {
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).containsExactly(new Granted(new Asker(ANN, 1), 1));
        assertThat(ask(BOB, 7, VersionVector.NONE, 0)).containsExactly(new Waiting(new Asker(BOB, 7)));
        assertThat(coordinator.reported(EVE, 1, Optional.of(VALUE)))
                .as("somebody else's load")
                .isEmpty();
        assertThat(coordinator.reported(ANN, 2, Optional.of(VALUE)))
                .as("no load")
                .isEmpty();
        assertThat(coordinator.reported(ANN, 1, Optional.of(VALUE)))
                .containsExactly(new Handed(new Asker(BOB, 7), VALUE));
        assertThat(coordinator.reported(ANN, 1, Optional.of(VALUE))).as("once").isEmpty();
        assertThat(ask(EVE, 9, VersionVector.NONE, 0)).containsExactly(new Granted(new Asker(EVE, 9), 2));
    }

    @Test
    void whoeverKnowsOfALaterInvalidationDoesNotJoin() {
        VersionVector later = VersionVector.NONE.with(EVE, 3);
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).containsExactly(new Granted(new Asker(ANN, 1), 1));
        assertThat(ask(BOB, 7, VersionVector.NONE, 0)).containsExactly(new Waiting(new Asker(BOB, 7)));
        assertThat(ask(EVE, 9, later, 0)).containsExactly(new Granted(new Asker(EVE, 9), 2));
        assertThat(ask(ANN, 2, VersionVector.NONE, 0))
                .as("what is newer than needed will do")
                .containsExactly(new Waiting(new Asker(ANN, 2)));
        assertThat(coordinator.reported(ANN, 1, Optional.of(VALUE)))
                .containsExactly(new Handed(new Asker(BOB, 7), VALUE));
        assertThat(coordinator.reported(EVE, 2, Optional.empty())).containsExactly(new LoadYourself(new Asker(ANN, 2)));
    }

    @Test
    void aLoadFromBeforeAnInvalidationThatMayBeLostIsNotJoined() {
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).hasSize(1);

        coordinator.fence(20, 19);
        assertThat(ask(BOB, 7, VersionVector.NONE, 19)).containsExactly(new Waiting(new Asker(BOB, 7)));

        coordinator.fence(20, 20);
        assertThat(ask(BOB, 8, VersionVector.NONE, 20)).containsExactly(new Granted(new Asker(BOB, 8), 2));
    }

    @Test
    void aLoadFromBeforeAnInvalidationThatNobodyRemembersIsNotJoinedAndThoseOfOtherValuesAre() {
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).hasSize(1);
        for (InvalidationTarget other : List.of(
                new InvalidationTarget("scores", Scope.KEY, "semifinal"),
                new InvalidationTarget("prices", Scope.KEY, "final"),
                new InvalidationTarget("prices", Scope.TAG, "cup"),
                InvalidationTarget.all("prices"))) {
            coordinator.invalidated(other);
        }
        assertThat(ask(BOB, 7, VersionVector.NONE, 0)).containsExactly(new Waiting(new Asker(BOB, 7)));

        long load = 1;
        for (InvalidationTarget its : List.of(
                new InvalidationTarget("scores", Scope.KEY, "final"),
                new InvalidationTarget("scores", Scope.TAG, "cup"),
                InvalidationTarget.all("scores"))) {
            coordinator.invalidated(its);
            load++;
            assertThat(ask(EVE, load, VersionVector.NONE, 0))
                    .as("after %s", its)
                    .containsExactly(new Granted(new Asker(EVE, load), load));
        }
    }

    @Test
    void whoeverIsLateDeclinesOrLeavesIsReplacedByTheNext() {
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).hasSize(1);
        for (int request = 1; request < 5; request++) {
            assertThat(ask(request < 3 ? BOB : EVE, request, VersionVector.NONE, 10))
                    .hasSize(1);
        }
        assertThat(coordinator.pass(TIMEOUT / 2 - 1)).isEmpty();
        assertThat(coordinator.pass(TIMEOUT / 2)).containsExactly(new Granted(new Asker(BOB, 1), 1));
        assertThat(coordinator.reported(ANN, 1, Optional.of(VALUE)))
                .as("too late")
                .isEmpty();
        assertThat(coordinator.declined(BOB, 1, 60)).containsExactly(new Granted(new Asker(BOB, 2), 1));
        assertThat(coordinator.left(BOB, 70)).containsExactly(new Granted(new Asker(EVE, 3), 1));
        assertThat(coordinator.pass(70 + TIMEOUT / 2))
                .as("the last has given up by then")
                .isEmpty();
        assertThat(ask(ANN, 2, VersionVector.NONE, 200)).containsExactly(new Granted(new Asker(ANN, 2), 2));
    }

    @Test
    void whoeverForgetsSoonerThanALoadIsOldDoesNotJoin() {
        assertThat(ask(ANN, 1, VersionVector.NONE, 0)).hasSize(1);
        assertThat(coordinator.ask(new Asker(BOB, 1), KEY, VersionVector.NONE, 10, 10))
                .containsExactly(new Waiting(new Asker(BOB, 1)));
        assertThat(coordinator.ask(new Asker(BOB, 2), KEY, VersionVector.NONE, 10, 11))
                .containsExactly(new Granted(new Asker(BOB, 2), 2));
    }

    @Test
    void beyondItsBoundsEachIsOnItsOwn() {
        assertThat(ask(ANN, 0, VersionVector.NONE, 0)).hasSize(1);
        for (int i = 1; i <= LoadCoordinator.MAX_WAITING; i++) {
            assertThat(ask(BOB, i, VersionVector.NONE, 0)).containsExactly(new Waiting(new Asker(BOB, i)));
        }
        assertThat(ask(EVE, 1, VersionVector.NONE, 0)).containsExactly(new LoadYourself(new Asker(EVE, 1)));
        for (int i = 1; i < LoadCoordinator.MAX_LOADS; i++) {
            assertThat(coordinator.ask(
                            new Asker(ANN, i), new CacheKey("scores", "key-" + i), VersionVector.NONE, TIMEOUT, 0))
                    .first()
                    .isInstanceOf(Granted.class);
        }
        assertThat(coordinator.ask(
                        new Asker(ANN, -1), new CacheKey("scores", "another"), VersionVector.NONE, TIMEOUT, 0))
                .containsExactly(new LoadYourself(new Asker(ANN, -1)));
    }

    @Test
    void nobodyWaitsForEverAndOneLoadsAtATimeWhateverHappens() {
        long first = RandomGenerator.getDefault().nextLong(1L << 40);
        int handed = 0;
        int replaced = 0;
        for (long seed = first; seed < first + WORLDS; seed++) {
            LoadWorld world = new LoadWorld(seed);
            try {
                world.run(200);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
            handed += world.handed();
            replaced += world.replaced();
        }
        assertThat(handed).as("values handed on, beginning with seed %s", first).isGreaterThan(WORLDS);
        assertThat(replaced)
                .as("loaders replaced, beginning with seed %s", first)
                .isGreaterThan(WORLDS);
    }

    @Test
    void vectorsAreCompared() {
        VersionVector one = new VersionVector(Map.of(ANN, 3L));
        VersionVector other = new VersionVector(Map.of(BOB, 1L, ANN, 2L));
        assertThat(one.covers(VersionVector.NONE)).isTrue();
        assertThat(VersionVector.NONE.covers(one)).isFalse();
        assertThat(one.covers(other)).isFalse();
        assertThat(other.covers(one)).isFalse();
        assertThat(one.with(other)).isEqualTo(new VersionVector(Map.of(ANN, 3L, BOB, 1L)));
    }
}
