package dev.tutti.core.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.presence.PresenceState.Difference;
import dev.tutti.presence.Presence.Change;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;

class PresenceStateTest {
    private static final PresenceKey ANN = new PresenceKey("room", "ann");
    private static final UUID OTHER = new UUID(0, 1);

    private final PresenceState state = new PresenceState();

    @Test
    void whoMayComeBackIsGoneAtOnceWhenThatIsOver() {
        state.enter(ANN);
        state.leave(ANN, 100);
        state.pass(10);
        assertThat(state.isOnline(ANN)).isTrue();

        state.fade(10);
        state.pass(10);

        assertThat(state.isOnline(ANN)).isFalse();
    }

    @Test
    void peopleOfAnInstanceThatHadLeftBeforeThisOneCameAreThereForAsLongAsForTheOthers() {
        state.former(OTHER, List.of(ANN), 100);
        state.former(OTHER, List.of(new PresenceKey("room", "bob")), 200);
        state.pass(99);
        assertThat(state.online("room")).containsExactlyInAnyOrder("ann", "bob");
        assertThat(state.departed()).containsOnlyKeys(OTHER);

        state.pass(100);

        assertThat(state.online("room")).isEmpty();
        assertThat(state.departed()).isEmpty();
        state.former(OTHER, List.of(ANN), 200);
        assertThat(state.online("room")).as("by a slower clock").isEmpty();
    }

    @Test
    void whatIsSaidOfAnInstanceThatIsHereIsNothing() {
        assertThat(state.apply(OTHER, new Difference(0, 1, Set.of(ANN), Set.of())))
                .isTrue();
        state.former(OTHER, List.of(new PresenceKey("room", "bob")), 100);
        state.pass(1_000);
        assertThat(state.online("room")).containsExactly("ann");
    }

    @Test
    void twoTabsAreOnePerson() {
        state.enter(ANN);
        state.enter(ANN);
        assertThat(state.changes()).containsExactly(new Change("room", "ann", true));
        assertThat(state.difference().came()).containsExactly(ANN);

        state.leave(ANN, 0);
        state.pass(1);
        assertThat(state.changes()).isEmpty();
        state.leave(ANN, 1);
        state.pass(2);
        assertThat(state.changes()).containsExactly(new Change("room", "ann", false));
        assertThat(state.difference().went()).containsExactly(ANN);
        assertThat(state.online("room")).isEmpty();
    }

    @Test
    void whoComesBackInTimeWasNeverAway() {
        state.enter(ANN);
        state.difference();
        state.changes();
        state.leave(ANN, 10);
        state.pass(9);
        state.enter(ANN);
        state.pass(20);

        assertThat(state.changes()).isEmpty();
        assertThat(state.difference().came()).isEmpty();
        assertThat(state.isOnline(ANN)).isTrue();
    }

    @Test
    void whoComesBackElsewhereWasNeverAway() {
        state.enter(ANN);
        state.changes();
        state.leave(ANN, 10);
        state.apply(OTHER, new Difference(0, 1, Set.of(ANN), Set.of()));
        state.pass(20);

        assertThat(state.changes()).isEmpty();
        assertThat(state.isOnline(ANN)).isTrue();
    }

    @Test
    void thePeopleOfAnInstanceThatHasGoneStayForItsGrace() {
        state.apply(OTHER, new Difference(0, 1, Set.of(ANN), Set.of()));
        state.changes();
        state.left(OTHER, 10);
        state.pass(9);
        assertThat(state.isOnline(ANN)).isTrue();
        state.pass(10);
        assertThat(state.changes()).containsExactly(new Change("room", "ann", false));
    }

    @Test
    void aHoleIsNoticed() {
        assertThat(state.apply(OTHER, new Difference(0, 1, Set.of(ANN), Set.of())))
                .isTrue();
        assertThat(state.apply(OTHER, new Difference(2, 3, Set.of(), Set.of(ANN))))
                .isFalse();
        assertThat(state.isOnline(ANN)).isTrue();
        assertThat(state.isBehind(OTHER, 3)).isTrue();
        state.replace(OTHER, 3, List.of());
        assertThat(state.isOnline(ANN)).isFalse();
        assertThat(state.isBehind(OTHER, 3)).isFalse();
        assertThat(state.apply(OTHER, new Difference(2, 3, Set.of(ANN), Set.of())))
                .as("old news")
                .isTrue();
        assertThat(state.isOnline(ANN)).isFalse();
    }

    /** Three instances, messages lost at random, and the whole told where a hole is seen: in the end all see the same. */
    @Test
    void allSeeTheSameInTheEndWhateverIsLost() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        int instances = 3;
        List<PresenceState> states = new ArrayList<>();
        List<Map<PresenceKey, Integer>> registrations = new ArrayList<>();
        List<Set<PresenceKey>> seen = new ArrayList<>();
        for (int i = 0; i < instances; i++) {
            states.add(new PresenceState());
            registrations.add(new HashMap<>());
            seen.add(new HashSet<>());
        }
        for (int step = 0; step < 5_000; step++) {
            int who = random.nextInt(instances);
            PresenceKey key = new PresenceKey("room" + random.nextInt(3), "user" + random.nextInt(6));
            int count = registrations.get(who).getOrDefault(key, 0);
            if (count > 0 && random.nextBoolean()) {
                registrations.get(who).put(key, count - 1);
                states.get(who).leave(key, step + random.nextInt(5));
            } else {
                registrations.get(who).put(key, count + 1);
                states.get(who).enter(key);
            }
            if (random.nextInt(3) == 0) {
                boolean lossy = random.nextInt(4) == 0;
                exchange(states, step, () -> lossy && random.nextBoolean());
            }
            follow(states, seen);
        }
        exchange(states, 10_000, () -> false);
        follow(states, seen);

        Set<PresenceKey> all = new HashSet<>();
        registrations.forEach(of -> of.forEach((key, count) -> {
            if (count > 0) {
                all.add(key);
            }
        }));
        assertThat(seen)
                .as("seed %s", seed)
                .allSatisfy(each -> assertThat(each).containsExactlyInAnyOrderElementsOf(all));
    }

    private static void exchange(List<PresenceState> states, long now, BooleanSupplier loses) {
        for (int from = 0; from < states.size(); from++) {
            PresenceState speaker = states.get(from);
            speaker.pass(now);
            Difference difference = speaker.difference();
            for (int to = 0; to < states.size(); to++) {
                if (to == from || loses.getAsBoolean()) {
                    continue;
                }
                UUID name = new UUID(0, from);
                boolean said = difference.to() > difference.from();
                boolean hole = said && !states.get(to).apply(name, difference);
                if (hole || states.get(to).isBehind(name, speaker.revision())) {
                    states.get(to).replace(name, speaker.revision(), speaker.told());
                }
            }
        }
    }

    private static void follow(List<PresenceState> states, List<Set<PresenceKey>> seen) {
        for (int i = 0; i < states.size(); i++) {
            for (Change change : states.get(i).changes()) {
                PresenceKey key = new PresenceKey(change.topic(), change.user());
                boolean news =
                        change.online() ? seen.get(i).add(key) : seen.get(i).remove(key);
                assertThat(news).as("told twice: %s", change).isTrue();
            }
        }
    }
}
