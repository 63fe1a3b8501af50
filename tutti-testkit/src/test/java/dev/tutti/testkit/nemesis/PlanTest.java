package dev.tutti.testkit.nemesis;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class PlanTest {
    private static final Scope SCOPE = new Scope(3, true, Duration.ofMinutes(2));
    private static final int RUNS = 300;

    @Test
    void theSameSeedGivesTheSamePlanAndAnotherSeedAnother() {
        assertThat(Plan.of(7, SCOPE)).isEqualTo(Plan.of(7, SCOPE)).isNotEqualTo(Plan.of(8, SCOPE));
    }

    @Test
    void stepsAreInOrderAndOverWhenTheTimeIs() {
        forEachSeed((_, plan) -> {
            assertThat(plan.steps()).extracting(Step::at).isSorted();
            assertThat(plan.steps()).allMatch(step -> step.until().compareTo(SCOPE.time()) <= 0);
        });
    }

    @Test
    void twoMinutesBringEveryKindOfTrouble() {
        Set<Object> kinds = Set.of((Object[]) Disruption.class.getPermittedSubclasses());
        forEachSeed((_, plan) -> {
            Set<Object> played = plan.steps().stream()
                    .map(step -> step.disruption().getClass())
                    .collect(Collectors.toSet());
            assertThat(played).isEqualTo(kinds);
        });
    }

    @Test
    void anOutageInALongRunLastsAMinuteAndTheNextBeginsFiveMinutesLaterAtTheEarliest() {
        Plan plan = Plan.of(5, new Scope(3, true, Duration.ofMinutes(40)));
        List<Step> outages = plan.steps().stream()
                .filter(step -> step.disruption() instanceof Disruption.Outage)
                .toList();
        assertThat(outages)
                .hasSizeBetween(4, 8)
                .allMatch(step -> step.lasts().equals(Duration.ofMinutes(1))
                        || step.until().equals(Duration.ofMinutes(40)));
        for (int i = 1; i < outages.size(); i++) {
            assertThat(outages.get(i).at().minus(outages.get(i - 1).at()))
                    .isGreaterThanOrEqualTo(Duration.ofMinutes(5));
        }
    }

    @Test
    void oneInstanceIsAlwaysLeftInPeace() {
        forEachSeed((_, plan) -> {
            for (Step step : plan.steps()) {
                Set<Integer> inTrouble = new HashSet<>();
                plan.steps().stream()
                        .filter(other -> other.at().compareTo(step.at()) <= 0
                                && other.until().compareTo(step.at()) >= 0)
                        .forEach(other -> inTrouble.addAll(instances(other.disruption())));
                assertThat(inTrouble).as("at " + step.at()).hasSizeLessThan(SCOPE.instances());
            }
        });
    }

    @Test
    void nothingHappensToAnInstanceThatIsAwayOrStandsStill() {
        forEachSeed((_, plan) -> {
            for (Step first : plan.steps()) {
                for (Step then : plan.steps()) {
                    boolean during =
                            then.at().compareTo(first.at()) > 0 && then.at().compareTo(first.until()) <= 0;
                    if (during) {
                        assertThat(instances(then.disruption())).noneMatch(instances(first.disruption())::contains);
                    }
                }
            }
        });
    }

    @Test
    void thereIsNoTroubleForARedisThatIsNotThere() {
        Scope without = new Scope(3, false, Duration.ofMinutes(2));
        for (long seed = 0; seed < RUNS; seed++) {
            assertThat(Plan.of(seed, without).steps())
                    .noneMatch(step -> step.disruption().toString().contains("REDIS")
                            || step.disruption().toString().contains("Redis"));
        }
    }

    @Test
    void aPlanForOneInstanceHasWorkToo() {
        assertThat(Plan.of(3, new Scope(1, false, Duration.ofSeconds(20))).steps())
                .hasSizeGreaterThan(5);
    }

    private static List<Integer> instances(Disruption disruption) {
        return switch (disruption) {
            case Disruption.Kill(int instance) -> List.of(instance);
            case Disruption.Freeze(int instance) -> List.of(instance);
            case Disruption.Drain(int instance) -> List.of(instance);
            case Disruption.RollingDrain _,
                    Disruption.Disturb _,
                    Disruption.Cut _,
                    Disruption.CrashDatabase _,
                    Disruption.TerminateSessions _ -> List.of();
            case Disruption.FlushRedis _, Disruption.RestartRedis _, Disruption.Outage _, Disruption.Starve _ ->
                List.of();
        };
    }

    private static void forEachSeed(BiConsumer<Long, Plan> body) {
        long first = System.nanoTime();
        for (long seed = first; seed < first + RUNS; seed++) {
            try {
                body.accept(seed, Plan.of(seed, SCOPE));
            } catch (AssertionError failure) {
                throw new AssertionError("seed " + seed, failure);
            }
        }
    }
}
