package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.presence.PresenceState.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SnapshotRequestsTest {
    private final UUID other = UUID.randomUUID();
    private final SnapshotRequests catchUp = new SnapshotRequests();
    private final PresenceState state = new PresenceState();

    private static PresenceKey key(int user) {
        return new PresenceKey("room", "user-" + user);
    }

    @Test
    void anInstanceIsAskedOnceWhileItsAnswerIsUnderWay() {
        long first = SnapshotRequests.PATIENCE_AT_FIRST.toNanos();
        long next = SnapshotRequests.PATIENCE.toNanos();
        assertThat(catchUp.ask(other, 0)).isTrue();
        assertThat(catchUp.ask(other, first - 1)).isFalse();
        assertThat(catchUp.ask(other, first)).as("nothing has come").isTrue();
        assertThat(catchUp.ask(other, 3 * first - 1))
                .as("nor in twice that time")
                .isFalse();
        catchUp.take(new PresenceMessage.Part(other, 1, true, false, List.of(key(1))), 3 * first - 1, state);
        assertThat(catchUp.ask(other, 3 * first + next - 2))
                .as("a part has come")
                .isFalse();
        assertThat(catchUp.ask(other, 3 * first + next))
                .as("none has come since")
                .isTrue();
    }

    @Test
    void whatIsToldBeforeAnInstanceIsAskedOnceMoreIsKnownAfterTheFirstAnswer() {
        assertThat(catchUp.ask(other, 0)).isTrue();
        catchUp.meanwhile(other, new Difference(5, 6, Set.of(key(2)), Set.of()));
        assertThat(catchUp.ask(other, SnapshotRequests.PATIENCE_AT_FIRST.toNanos()))
                .isTrue();
        catchUp.take(new PresenceMessage.Part(other, 5, true, true, List.of(key(1))), 0, state);

        assertThat(state.online("room")).containsExactlyInAnyOrder("user-1", "user-2");
        assertThat(state.isBehind(other, 6)).isFalse();
    }

    @Test
    void whatIsToldWhileTheAnswerComesIsKnownAfterIt() {
        assertThat(catchUp.ask(other, 0)).isTrue();
        catchUp.take(new PresenceMessage.Part(other, 5, true, false, List.of(key(1))), 0, state);
        catchUp.meanwhile(other, new Difference(5, 6, Set.of(key(3)), Set.of(key(1))));
        catchUp.take(new PresenceMessage.Part(other, 5, false, true, List.of(key(2))), 0, state);

        assertThat(state.online("room")).containsExactlyInAnyOrder("user-2", "user-3");
        assertThat(state.isBehind(other, 6)).isFalse();
        assertThat(catchUp.ask(other, 0)).as("the answer is whole").isTrue();
    }

    @Test
    void partsThatNobodyAskedForAreNothing() {
        catchUp.take(new PresenceMessage.Part(other, 5, true, true, List.of(key(1))), 0, state);
        assertThat(state.online("room")).isEmpty();
    }

    @Test
    void anAnswerIsSentInBoundedPartsAndOnceForEachWhoWantsIt() {
        SnapshotAnswers answering = new SnapshotAnswers();
        List<PresenceKey> all =
                IntStream.range(0, 100_000).mapToObj(SnapshotRequestsTest::key).toList();
        assertThat(answering.ask(other)).isTrue();
        answering.begin(9, all);
        assertThat(answering.ask(other)).as("while its answer is under way").isFalse();
        assertThat(catchUp.ask(other, 0)).isTrue();
        List<Integer> sizes = new ArrayList<>();
        int rounds = 0;
        while (!answering.ask(other)) {
            rounds++;
            answering.send(other, (to, message) -> {
                PresenceMessage.Part part = (PresenceMessage.Part) message;
                sizes.add(part.keys().size());
                catchUp.take(part, 0, state);
            });
        }
        assertThat(sizes).allMatch(size -> size <= 2_000).hasSize(50);
        assertThat(rounds).as("some parts at a time").isEqualTo(4);
        assertThat(state.online("room")).hasSize(all.size());
    }
}
