package dev.tutti.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.cluster.PendingRequests.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class PendingRequestsTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final int TRIES = 10_000;
    private static final NodeTag ANN = new NodeTag("ann-----");
    private static final NodeTag BOB = new NodeTag("bob-----");

    private final Set<NodeTag> alive = ConcurrentHashMap.newKeySet();
    private final PendingRequests<String> requests = new PendingRequests<>(2, alive::contains);

    PendingRequestsTest() {
        alive.addAll(Set.of(ANN, BOB));
    }

    @Test
    void answersOfAllAreGatheredOnceEach() {
        var request = requests.open(Set.of(ANN, BOB), LONG);
        requests.answered(ANN, request.number(), "yes");
        requests.answered(ANN, request.number(), "no");
        requests.answered(new NodeTag("eve-----"), request.number(), "never");
        requests.answered(BOB, request.number() + 1, "to whom?");
        assertThat(request.outcome()).isNotDone();

        requests.answered(BOB, request.number(), "maybe");

        assertThat(request.outcome()).isCompletedWithValue(new Outcome<>(List.of("yes", "maybe"), false, false));
        assertThat(requests.waiting()).isEmpty();
    }

    @Test
    void whoLeavesIsNotWaitedFor() {
        var request = requests.open(Set.of(ANN, BOB), LONG);
        requests.answered(ANN, request.number(), "yes");

        requests.left(BOB);

        assertThat(request.outcome()).isCompletedWithValue(new Outcome<>(List.of("yes"), true, false));
    }

    @Test
    void whoHasLeftAlreadyIsNotWaitedFor() {
        alive.remove(ANN);

        assertThat(requests.open(Set.of(ANN), LONG).outcome())
                .isCompletedWithValue(new Outcome<>(List.of(), true, false));
    }

    @Test
    void whoIsAskedNothingIsDone() {
        assertThat(requests.open(Set.of(), LONG).outcome())
                .isCompletedWithValue(new Outcome<>(List.of(), false, false));
    }

    @Test
    void whoIsSilentIsLate() {
        var silent = requests.open(Set.of(ANN, BOB), Duration.ofMillis(20));

        assertThat(silent.outcome()).succeedsWithin(LONG).isEqualTo(new Outcome<>(List.of(), false, true));
    }

    @Test
    void aRequestWhoseTimeIsOverAtOnceTakesNoPlaceForGood() {
        PendingRequests<String> many = new PendingRequests<>(TRIES, alive::contains);
        for (int i = 0; i < TRIES; i++) {
            assertThat(many.open(Set.of(ANN), Duration.ZERO).outcome()).succeedsWithin(LONG);
        }

        assertThat(many.waiting()).isEmpty();
    }

    @Test
    void whatIsCancelledHasNoOutcome() {
        var request = requests.open(Set.of(ANN), LONG);

        assertThat(request.cancel()).isTrue();
        assertThat(request.cancel()).isFalse();
        requests.answered(ANN, request.number(), "yes");

        assertThat(request.outcome()).isCancelled();
        assertThat(requests.waiting()).isEmpty();
    }

    @Test
    void soManyWaitAndNoMore() {
        var first = requests.open(Set.of(ANN), LONG);
        var _ = requests.open(Set.of(ANN), LONG);

        assertThatThrownBy(() -> requests.open(Set.of(ANN), LONG))
                .isInstanceOfSatisfying(
                        TuttiException.class, full -> assertThat(full.code()).isEqualTo(ErrorCode.OVERLOADED));
        requests.answered(first.number(), "yes");
        assertThat(requests.open(Set.of(ANN), LONG).outcome()).isNotDone();
    }
}
