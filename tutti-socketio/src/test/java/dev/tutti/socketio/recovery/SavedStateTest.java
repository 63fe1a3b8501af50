package dev.tutti.socketio.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.socketio.room.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that a client which comes back was to get. */
class SavedStateTest {
    private final SavedState state = new SavedState("id", "ann", 3, Map.of("room", 7L), Map.of());

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
    void whatSparedARoomIsMeantUntilItJoined() {
        assertThat(isMeant(List.of(), List.of("room"), 7)).isTrue();
        assertThat(isMeant(List.of(), List.of("room"), 8)).isFalse();
        assertThat(isMeant(List.of(), List.of("id"), 8)).isFalse();
    }
}
