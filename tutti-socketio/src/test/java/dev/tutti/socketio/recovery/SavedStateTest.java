package dev.tutti.socketio.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.JsonCodec;
import dev.tutti.socketio.recovery.SavedState.Stay;
import dev.tutti.socketio.room.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that a client which comes back was to get. */
class SavedStateTest {
    private final SavedState state =
            new SavedState("id", "ann", 3, Map.of("room", 7L), Map.of(), List.of(new Stay("left", 4, 6)), 0);

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
        List<Stay> stays = List.of();
        for (int i = 0; i <= SavedState.MOST_STAYS; i++) {
            stays = SavedState.with(stays, new Stay("room", i, i + 1));
        }

        assertThat(stays).hasSize(SavedState.MOST_STAYS);
        assertThat(stays.getFirst()).isEqualTo(new Stay("room", 1, 2));
    }

    @Test
    void whatAnOlderVersionWroteHasNoStays() {
        SavedState older = new JsonCodec()
                .read(
                        "{\"id\":\"id\",\"person\":\"\",\"begin\":3,\"rooms\":{\"room\":7},\"attributes\":{}}",
                        SavedState.class);

        assertThat(older.stays()).isEmpty();
        assertThat(older.knows(0)).isTrue();
        assertThat(older.rooms()).containsEntry("room", 7L);
    }

    @Test
    void whatSparedARoomIsMeantUntilItJoined() {
        assertThat(isMeant(List.of(), List.of("room"), 7)).isTrue();
        assertThat(isMeant(List.of(), List.of("room"), 8)).isFalse();
        assertThat(isMeant(List.of(), List.of("id"), 8)).isFalse();
    }
}
