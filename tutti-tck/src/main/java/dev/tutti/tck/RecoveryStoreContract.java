package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The contract of every {@link RecoveryStore}. Its tests may run in any order on one store. */
public interface RecoveryStoreContract {
    /** The recovery window of the tests. */
    Duration WINDOW = Duration.ofMinutes(2);

    /** The store. */
    RecoveryStore recovery();

    /** Lets time pass on the store's clock. */
    void pass(Duration time);

    private SavedConnection added(UUID owner) {
        SavedConnection added = new SavedConnection(UUID.randomUUID().toString(), owner, 1, Json.of("{\"rooms\":[]}"));
        recovery().add(added);
        return added;
    }

    private Optional<SavedConnection> take(SavedConnection known, UUID owner) {
        return recovery().take(known.key(), owner, WINDOW);
    }

    @Test
    default void whatWasWrittenLastIsTaken() {
        UUID other = UUID.randomUUID();
        SavedConnection first = added(UUID.randomUUID());
        Json changed = Json.of("{\"rooms\":[\"lobby\"]}");
        assertThat(recovery().save(first.with(changed))).isTrue();

        assertThat(take(first, other)).contains(new SavedConnection(first.key(), other, 2, changed));
        assertThat(recovery().take("unknown", other, WINDOW)).isEmpty();
    }

    @Test
    default void whoHadItBeforeChangesNothingAnyMore() {
        SavedConnection first = added(UUID.randomUUID());
        SavedConnection second = take(first, UUID.randomUUID()).orElseThrow();

        assertThat(recovery().save(first.with(Json.of("1")))).isFalse();
        recovery().lost(List.of(first));
        recovery().forget(first);
        pass(WINDOW.plusSeconds(1));
        assertThat(take(first, UUID.randomUUID()).orElseThrow().state()).isEqualTo(second.state());
    }

    @Test
    default void whatIsLostIsKeptForTheWindow() {
        SavedConnection early = added(UUID.randomUUID());
        SavedConnection late = added(UUID.randomUUID());
        recovery().lost(List.of(early));
        pass(Duration.ofMinutes(1));
        recovery().lost(List.of(late));
        pass(Duration.ofSeconds(61));

        assertThat(take(early, UUID.randomUUID())).isEmpty();
        assertThat(take(late, UUID.randomUUID())).isPresent();
    }

    @Test
    default void whatIsContinuedIsNotLostAnyMore() {
        SavedConnection first = added(UUID.randomUUID());
        recovery().lost(List.of(first));
        SavedConnection second = take(first, UUID.randomUUID()).orElseThrow();
        pass(WINDOW.plusSeconds(1));
        recovery().tidy(second.owner(), List.of(), WINDOW);

        assertThat(recovery().save(second)).isTrue();
        assertThat(take(second, UUID.randomUUID())).isPresent();
    }

    @Test
    default void whatIsForgottenIsNotTaken() {
        SavedConnection known = added(UUID.randomUUID());
        recovery().forget(known);

        assertThat(recovery().save(known)).isFalse();
        assertThat(take(known, UUID.randomUUID())).isEmpty();
    }

    @Test
    default void theConnectionsOfTheDeadAreLostWhenSomebodyTidies() {
        SavedConnection dead = added(UUID.randomUUID());
        SavedConnection alive = added(UUID.randomUUID());
        recovery().tidy(alive.owner(), List.of(), WINDOW);
        pass(WINDOW.minusSeconds(1));
        recovery().tidy(alive.owner(), List.of(), WINDOW);
        pass(Duration.ofSeconds(2));
        recovery().tidy(alive.owner(), List.of(), WINDOW);

        assertThat(recovery().save(dead)).isFalse();
        assertThat(take(alive, UUID.randomUUID())).isPresent();
    }

    @Test
    default void anInstanceThatWasTakenForDeadKeepsTheConnectionsThatItStillHas() {
        SavedConnection known = added(UUID.randomUUID());
        SavedConnection lost = new SavedConnection(UUID.randomUUID().toString(), known.owner(), 1, Json.of("1"));
        recovery().add(lost);
        recovery().tidy(UUID.randomUUID(), List.of(), WINDOW);
        recovery().lost(List.of(lost));
        pass(Duration.ofMinutes(1));
        recovery().tidy(known.owner(), List.of(), WINDOW);
        pass(Duration.ofSeconds(61));
        recovery().tidy(known.owner(), List.of(), WINDOW);

        assertThat(recovery().save(known.with(Json.of("2")))).isTrue();
        assertThat(recovery().save(lost)).isFalse();
    }
}
