package dev.tutti.testkit.presence;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.presence.PresenceEvent.Blind;
import dev.tutti.testkit.presence.PresenceEvent.Came;
import dev.tutti.testkit.presence.PresenceEvent.Doubtful;
import dev.tutti.testkit.presence.PresenceEvent.Left;
import dev.tutti.testkit.presence.PresenceEvent.Shown;
import dev.tutti.testkit.presence.PresenceEvent.Vanished;
import dev.tutti.testkit.presence.PresenceEvent.Watching;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PresenceCheckerTest {
    private static final PresencePromise PROMISE = new PresencePromise(seconds(2), seconds(1), seconds(10), seconds(5));
    private static final Duration END = seconds(1_000);

    @Test
    void whoComesAndLeavesAndIsShownSoInTimeIsFine() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Left("ann", seconds(100)),
                        new Shown("bob", "ann", false, millis(100_500))))
                .isEmpty();
    }

    @Test
    void whoVanishedMayBeShownForAsLongAsPromised() {
        assertThat(afterAKill(seconds(109))).isEmpty();
        assertThat(afterAKill(seconds(111))).containsExactly(Fault.STALE_PRESENCE);
    }

    @Test
    void whoLeftInOrderIsGoneSooner() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Left("ann", seconds(100)),
                        new Shown("bob", "ann", false, seconds(105))))
                .containsExactly(Fault.STALE_PRESENCE);
    }

    @Test
    void whoCameAndIsNotShownIsFound() {
        assertThat(faults(new Watching("bob", seconds(0)), new Came("ann", seconds(10))))
                .containsExactly(Fault.STALE_PRESENCE);
    }

    @Test
    void whoComesBackInTheGraceTimeDoesNotFlicker() {
        assertThat(awayBriefly(List.of())).isEmpty();
        assertThat(awayBriefly(List.of(
                        new Shown("bob", "ann", false, seconds(102)), new Shown("bob", "ann", true, seconds(104)))))
                .containsExactly(Fault.FLICKER);
    }

    @Test
    void whoCameBackInTheGraceTimeAndWentAgainMayBeShownAsAway() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Vanished("ann", seconds(100)),
                        new Came("ann", seconds(101)),
                        new Doubtful("ann", seconds(102)),
                        new Shown("bob", "ann", false, millis(102_500)),
                        new Came("ann", seconds(103)),
                        new Shown("bob", "ann", true, seconds(104))))
                .isEmpty();
    }

    @Test
    void whoLeavesAndComesBackSoonMayBeShownAsAway() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Left("ann", seconds(100)),
                        new Shown("bob", "ann", false, seconds(101)),
                        new Came("ann", seconds(104)),
                        new Shown("bob", "ann", true, seconds(105))))
                .isEmpty();
    }

    @Test
    void nothingIsJudgedOfWhomNobodyKnowsUntilThatIsOver() {
        assertThat(inDoubt(seconds(202))).isEmpty();
        assertThat(inDoubt(seconds(206))).containsExactly(Fault.STALE_PRESENCE);
    }

    @Test
    void whoIsThereAllTheTimeIsNeverShownAsAway() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Shown("bob", "ann", false, seconds(500)),
                        new Shown("bob", "ann", true, seconds(501))))
                .containsExactly(Fault.FLICKER);
    }

    @Test
    void whoIsGoneIsNotShownAgain() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Came("ann", seconds(10)),
                        new Shown("bob", "ann", true, seconds(11)),
                        new Vanished("ann", seconds(100)),
                        new Shown("bob", "ann", false, seconds(105)),
                        new Shown("bob", "ann", true, seconds(200)),
                        new Shown("bob", "ann", false, seconds(201))))
                .containsExactly(Fault.STALE_PRESENCE);
    }

    @Test
    void anObserverWhoIsNotConnectedNeedsNotKnow() {
        assertThat(faults(
                        new Watching("bob", seconds(0)),
                        new Blind("bob", seconds(5)),
                        new Came("ann", seconds(10)),
                        new Watching("bob", seconds(50)),
                        new Shown("bob", "ann", true, seconds(51))))
                .isEmpty();
    }

    /** A run in which everything is shown within its time; then one of the sights is taken away, or turned round. */
    @Test
    void aSightThatIsMissingOrWrongIsFound() {
        long first = System.nanoTime();
        for (long seed = first; seed < first + 200; seed++) {
            Random random = new Random(seed);
            List<PresenceEvent> moments =
                    new ArrayList<>(List.of(new Watching("bob", seconds(0)), new Watching("cleo", seconds(0))));
            List<Shown> sights = new ArrayList<>();
            Duration now = seconds(5);
            boolean present = true;
            for (int i = 0; i < 10; i++, present = !present) {
                boolean clean = random.nextBoolean();
                Duration at = now;
                moments.add(present ? new Came("ann", at) : clean ? new Left("ann", at) : new Vanished("ann", at));
                Duration limit = present ? PROMISE.appears() : clean ? PROMISE.leaves() : PROMISE.vanishes();
                for (String observer : List.of("bob", "cleo")) {
                    sights.add(new Shown(
                            observer,
                            "ann",
                            present,
                            at.plus(limit.multipliedBy(random.nextInt(100)).dividedBy(100))));
                }
                now = now.plus(millis(12_000 + random.nextInt(20_000)));
            }
            moments.addAll(sights);
            assertThat(PresenceChecker.check(moments, PROMISE, END))
                    .as("seed " + seed)
                    .isEmpty();

            Shown victim = sights.get(random.nextInt(sights.size()));
            List<PresenceEvent> broken = new ArrayList<>(moments);
            if (random.nextBoolean()) {
                broken.remove(victim);
            } else {
                Collections.replaceAll(
                        broken, victim, new Shown(victim.observer(), "ann", !victim.present(), victim.at()));
            }
            assertThat(PresenceChecker.check(broken, PROMISE, END))
                    .as("seed " + seed + ", " + victim)
                    .isNotEmpty();
        }
    }

    private static List<Fault> afterAKill(Duration shown) {
        return faults(
                new Watching("bob", seconds(0)),
                new Came("ann", seconds(10)),
                new Shown("bob", "ann", true, seconds(11)),
                new Vanished("ann", seconds(100)),
                new Shown("bob", "ann", false, shown));
    }

    /** Somebody whose instance is in trouble from second 100 to 200, and who is shown again as {@code back}. */
    private static List<Fault> inDoubt(Duration back) {
        return faults(
                new Watching("bob", seconds(0)),
                new Came("ann", seconds(10)),
                new Shown("bob", "ann", true, seconds(11)),
                new Doubtful("ann", seconds(100)),
                new Shown("bob", "ann", false, seconds(110)),
                new Came("ann", seconds(200)),
                new Shown("bob", "ann", true, back));
    }

    private static List<Fault> awayBriefly(List<PresenceEvent> shown) {
        List<PresenceEvent> moments = new ArrayList<>(List.of(
                new Watching("bob", seconds(0)),
                new Came("ann", seconds(10)),
                new Shown("bob", "ann", true, seconds(11)),
                new Vanished("ann", seconds(100)),
                new Came("ann", seconds(104))));
        moments.addAll(shown);
        return faults(moments.toArray(PresenceEvent[]::new));
    }

    private static List<Fault> faults(PresenceEvent... moments) {
        return PresenceChecker.check(List.of(moments), PROMISE, END).stream()
                .map(Finding::fault)
                .toList();
    }

    private static Duration seconds(long seconds) {
        return Duration.ofSeconds(seconds);
    }

    private static Duration millis(long millis) {
        return Duration.ofMillis(millis);
    }
}
