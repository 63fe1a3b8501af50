package dev.tutti.socketio.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.JsonCodec;
import dev.tutti.socketio.recovery.Stays.Stay;
import dev.tutti.socketio.room.Target;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Messages that a client which comes back was to get. */
class SavedStateTest {
    private final SavedState state =
            new SavedState("id", "ann", 3, Map.of("room", 7L), Map.of(), Stays.NONE.with(new Stay("left", 4, 6)));

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
        Stays stays = Stays.NONE;
        for (int i = 0; i <= Stays.MOST; i++) {
            stays = stays.with(new Stay("room", i, i + 1));
        }

        assertThat(stays.latest()).hasSize(Stays.MOST);
        assertThat(stays.latest().getFirst()).isEqualTo(new Stay("room", 1, 2));
        assertThat(stays.areKnownBehind(0)).isFalse();
        assertThat(stays.areKnownBehind(1)).isTrue();
    }

    @Test
    void aStayInWhichNothingWasSentIsNotKept() {
        assertThat(Stays.NONE.with(new Stay("room", 4, 4))).isEqualTo(Stays.NONE);
    }

    @Test
    void whatAnOlderVersionWroteHasNoStays() {
        SavedState older = new JsonCodec()
                .read(
                        "{\"id\":\"id\",\"person\":\"\",\"begin\":3,\"rooms\":{\"room\":7},\"attributes\":{}}",
                        SavedState.class);

        assertThat(older.stays()).isEqualTo(Stays.NONE);
        assertThat(older.rooms()).containsEntry("room", 7L);
    }

    @Test
    void whatSparedARoomIsMeantUntilItJoined() {
        assertThat(isMeant(List.of(), List.of("room"), 7)).isTrue();
        assertThat(isMeant(List.of(), List.of("room"), 8)).isFalse();
        assertThat(isMeant(List.of(), List.of("id"), 8)).isFalse();
    }
}
