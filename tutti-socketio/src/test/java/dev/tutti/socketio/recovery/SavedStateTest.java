package dev.tutti.socketio.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.JsonCodec;
import dev.tutti.socketio.recovery.RoomHistory.Interval;
import dev.tutti.socketio.room.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that a client which comes back was to get. */
class SavedStateTest {
    private final SavedState state = new SavedState(
            "id", "ann", 3, Map.of("room", 7L), Map.of(), RoomHistory.NONE.with(new Interval("left", 4, 6)));

    private boolean isMeant(List<String> rooms, List<String> without, long seq) {
        return state.isMeant(new Target("/", rooms, without), seq);
    }

    @Test
    void whatWentToAllOrToItselfIsMeantSinceItBegan() {
        assertThat(isMeant(List.of(), List.of(), 3)).isFalse();
        assertThat(isMeant(List.of(), List.of(), 4)).isTrue();
        assertThat(isMeant(List.of("id"), List.of(), 3)).isFalse();
        assertThat(isMeant(List.of("id"), List.of(), 4)).isTrue();
    }

    @Test
    void whatWentToARoomIsMeantSinceItJoined() {
        assertThat(isMeant(List.of("room"), List.of(), 7)).isFalse();
        assertThat(isMeant(List.of("room"), List.of(), 8)).isTrue();
        assertThat(isMeant(List.of("another"), List.of(), 8)).isFalse();
    }

    @Test
    void whatWentToARoomThatItLeftIsMeantAsLongAsItWasThere() {
        assertThat(isMeant(List.of("left"), List.of(), 4)).isFalse();
        assertThat(isMeant(List.of("left"), List.of(), 5)).isTrue();
        assertThat(isMeant(List.of("left"), List.of(), 6)).isTrue();
        assertThat(isMeant(List.of("left"), List.of(), 7)).isFalse();
        assertThat(isMeant(List.of(), List.of("left"), 6)).isFalse();
        assertThat(isMeant(List.of(), List.of("left"), 7)).isTrue();
    }

    @Test
    void ofManyStaysTheLatestAreKept() {
        RoomHistory history = RoomHistory.NONE;
        for (int i = 0; i <= RoomHistory.MOST; i++) {
            history = history.with(new Interval("room", i, i + 1));
        }

        assertThat(history.latest()).hasSize(RoomHistory.MOST);
        assertThat(history.latest().getFirst()).isEqualTo(new Interval("room", 1, 2));
        assertThat(history.isCompleteBehind(0)).isFalse();
        assertThat(history.isCompleteBehind(1)).isTrue();
    }

    @Test
    void anIntervalInWhichNothingWasSentIsNotKept() {
        assertThat(RoomHistory.NONE.with(new Interval("room", 4, 4))).isEqualTo(RoomHistory.NONE);
    }

    @Test
    void whatAnOlderVersionWroteHasNoHistory() {
        SavedState older = new JsonCodec()
                .read(
                        "{\"id\":\"id\",\"person\":\"\",\"begin\":3,\"rooms\":{\"room\":7},\"attributes\":{}}",
                        SavedState.class);

        assertThat(older.stays()).isEqualTo(RoomHistory.NONE);
        assertThat(older.rooms()).containsEntry("room", 7L);
    }

    @Test
    void whatSparedARoomIsMeantUntilItJoined() {
        assertThat(isMeant(List.of(), List.of("room"), 7)).isTrue();
        assertThat(isMeant(List.of(), List.of("room"), 8)).isFalse();
        assertThat(isMeant(List.of(), List.of("id"), 8)).isFalse();
    }
}
