package dev.tutti.testkit.nemesis;

import dev.tutti.testkit.nemesis.Link.End;
import dev.tutti.testkit.proxy.Direction;
import dev.tutti.testkit.proxy.LinkFault;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A schedule of disruptions of a cluster. The same seed and scope give the same plan. Immutable.
 *
 * <p>Kinds of disruptions come in shuffled rounds: no kind comes again before the others, except those that are not possible at the time. A
 * part has one disruption at a time. If there are several instances, at least one is neither killed nor frozen nor closing at any time.
 * Only a rolling drain affects all instances; meanwhile no instance has another disruption.
 *
 * @param steps the disruptions, in the order of their beginnings
 */
public record Plan(List<Step> steps) {
    /** The time without disruptions for an instance that was started, so that it can become ready. */
    private static final long START_MILLIS = 8_000;

    private static final long FREEZE_LEAST_MILLIS = 5_000;
    private static final long FREEZE_MOST_MILLIS = 60_000;
    private static final String DATABASE = "database";
    private static final String REDIS = "redis";
    private static final String PROCESSORS = "processors";
    private static final String ALL_AT_ONCE = "all at once";
    private static final int STARVING_PROGRAMS = 10;

    /** The length of a run from which outages last as long as real ones. */
    private static final long LONG_RUN_MILLIS = 600_000;

    private static final long LONG_OUTAGE_MILLIS = 60_000;

    /** The time from the beginning of an outage to the beginning of the next one in a long run, so that the cluster mostly works. */
    private static final long BETWEEN_LONG_OUTAGES_MILLIS = 300_000;

    private enum Kind {
        KILL(true),
        ANOTHER_KILL(true),
        FREEZE(true),
        DRAIN(true),
        ROLLING_DRAIN(true),
        CRASH_DATABASE,
        TERMINATE_SESSIONS,
        CUT_CLIENTS,
        CUT_DATABASE,
        DISTURB_CLIENTS,
        DISTURB_DATABASE,
        PARTITION,
        OUTAGE,
        STARVE,
        FLUSH_REDIS,
        RESTART_REDIS,
        CUT_REDIS,
        DISTURB_REDIS;

        /** Whether the kind affects the process of an instance. */
        final boolean process;

        Kind() {
            this(false);
        }

        Kind(boolean process) {
            this.process = process;
        }
    }

    public Plan {
        steps = List.copyOf(steps);
    }

    /** The plan of {@code seed}. */
    public static Plan of(long seed, Scope scope) {
        return new Planner(new Random(seed), scope).plan();
    }

    /** Plans until the time is over. */
    private static final class Planner {
        private final Random random;
        private final Scope scope;
        private final long end;
        private final List<Step> steps = new ArrayList<>();
        /** The end of the disruption of each part, in milliseconds: of an instance by number, of a link, and of other parts by name. */
        private final Map<Object, Long> disturbed = new HashMap<>();

        Planner(Random random, Scope scope) {
            this.random = random;
            this.scope = scope;
            this.end = scope.time().toMillis();
        }

        Plan plan() {
            List<Kind> waiting = new ArrayList<>();
            for (long now = between(500, 1_500); now < end; now += between(300, 3_000)) {
                if (!began(waiting, now) && addsRound(waiting)) {
                    addRound(waiting);
                    began(waiting, now);
                }
            }
            return new Plan(steps);
        }

        /**
         * Whether a new round begins although kinds wait. In a long run only outages may wait: otherwise quick kinds would come too often.
         */
        private boolean addsRound(List<Kind> waiting) {
            return !isLong() || waiting.stream().allMatch(kind -> kind == Kind.OUTAGE);
        }

        private boolean isLong() {
            return end >= LONG_RUN_MILLIS;
        }

        private void addRound(List<Kind> waiting) {
            List<Kind> fresh = new ArrayList<>(List.of(Kind.values()));
            fresh.removeIf(kind -> impossible(kind) || waiting.contains(kind));
            Collections.shuffle(fresh, random);
            waiting.addAll(fresh);
        }

        /** Adds the first kind that is possible now; false if none is. While a rolling drain waits, no other kind affects an instance. */
        private boolean began(List<Kind> waiting, long now) {
            boolean rollingWaits = false;
            for (int i = 0; i < waiting.size(); i++) {
                Kind kind = waiting.get(i);
                Optional<Step> step = rollingWaits && kind.process ? Optional.empty() : step(kind, now);
                if (step.isPresent()) {
                    steps.add(step.get());
                    waiting.remove(i);
                    return true;
                }
                rollingWaits |= kind == Kind.ROLLING_DRAIN && now + rollingMillis() <= end;
            }
            return false;
        }

        private boolean impossible(Kind kind) {
            return switch (kind) {
                case FLUSH_REDIS, RESTART_REDIS, CUT_REDIS, DISTURB_REDIS -> !scope.redis();
                case ROLLING_DRAIN -> rollingMillis() > end;
                default -> false;
            };
        }

        private Optional<Step> step(Kind kind, long now) {
            return switch (kind) {
                case KILL, ANOTHER_KILL ->
                    instance(now).map(i -> process(new Disruption.Kill(i), i, now, between(0, 5_000)));
                case FREEZE -> instance(now).map(i -> process(new Disruption.Freeze(i), i, now, freezeMillis()));
                case DRAIN -> instance(now).map(i -> process(new Disruption.Drain(i), i, now, between(0, 3_000)));
                case ROLLING_DRAIN -> rolling(now);
                case CRASH_DATABASE -> part(DATABASE, now, new Disruption.CrashDatabase(), 3_000);
                case TERMINATE_SESSIONS -> part(DATABASE, now, new Disruption.TerminateSessions(), 1_000);
                case CUT_CLIENTS -> cut(End.CLIENTS, now);
                case CUT_DATABASE -> cut(End.DATABASE, now);
                case CUT_REDIS -> cut(End.REDIS, now);
                case DISTURB_CLIENTS -> disturb(End.CLIENTS, linkFault(), now);
                case DISTURB_DATABASE -> disturb(End.DATABASE, linkFault(), now);
                case DISTURB_REDIS -> disturb(End.REDIS, linkFault(), now);
                case PARTITION -> disturb(anyEnd(), new LinkFault.Stalled(Direction.BOTH), now);
                case OUTAGE -> outage(now);
                case STARVE -> part(PROCESSORS, now, new Disruption.Starve(STARVING_PROGRAMS), between(4_000, 12_000));
                case FLUSH_REDIS -> part(REDIS, now, new Disruption.FlushRedis(), 0);
                case RESTART_REDIS -> part(REDIS, now, new Disruption.RestartRedis(), between(0, 4_000));
            };
        }

        /** A random instance without a disruption, if another one without a disruption remains. */
        private Optional<Integer> instance(long now) {
            List<Integer> free = free(now);
            boolean oneIsLeft = free.size() > 1 || scope.instances() == 1;
            return free.isEmpty() || !oneIsLeft ? Optional.empty() : Optional.of(free.get(random.nextInt(free.size())));
        }

        private List<Integer> free(long now) {
            List<Integer> free = new ArrayList<>();
            for (int i = 0; i < scope.instances(); i++) {
                if (!isDisturbed(i, now)) {
                    free.add(i);
                }
            }
            return free;
        }

        private Step process(Disruption disruption, int instance, long now, long lasts) {
            Step step = step(disruption, now, lasts);
            disturbed.put(instance, step.until().toMillis() + START_MILLIS);
            return step;
        }

        private Optional<Step> rolling(long now) {
            if (free(now).size() < scope.instances() || now + rollingMillis() > end) {
                return Optional.empty();
            }
            for (int i = 0; i < scope.instances(); i++) {
                disturbed.put(i, now + rollingMillis());
            }
            return Optional.of(step(new Disruption.RollingDrain(scope.instances()), now, 0));
        }

        private long rollingMillis() {
            return scope.instances() * START_MILLIS;
        }

        private Optional<Step> part(String part, long now, Disruption disruption, long lasts) {
            if (isDisturbed(part, now)) {
                return Optional.empty();
            }
            Step step = step(disruption, now, lasts);
            disturbed.put(part, step.until().toMillis() + 1_000);
            return Optional.of(step);
        }

        private Optional<Step> cut(End to, long now) {
            return Optional.of(step(new Disruption.Cut(anyLink(to)), now, 0));
        }

        private Optional<Step> disturb(End to, LinkFault linkFault, long now) {
            Link link = anyLink(to);
            if (isDisturbed(link, now)) {
                return Optional.empty();
            }
            Step step = step(new Disruption.Disturb(link, linkFault), now, between(1_000, 12_000));
            disturbed.put(link, step.until().toMillis());
            return Optional.of(step);
        }

        /** An outage of PostgreSQL, of Redis, or of both. */
        private Optional<Step> outage(long now) {
            Set<End> of = switch (scope.redis() ? random.nextInt(3) : 0) {
                case 0 -> Set.of(End.DATABASE);
                case 1 -> Set.of(End.REDIS);
                default -> Set.of(End.DATABASE, End.REDIS);
            };
            List<Link> links = of.stream()
                    .sorted()
                    .flatMap(end -> IntStream.range(0, scope.instances()).mapToObj(i -> new Link(i, end)))
                    .toList();
            if (isDisturbed(ALL_AT_ONCE, now) || links.stream().anyMatch(link -> isDisturbed(link, now))) {
                return Optional.empty();
            }
            if (isLong()) {
                disturbed.put(ALL_AT_ONCE, now + BETWEEN_LONG_OUTAGES_MILLIS);
            }
            long lasts = isLong() ? LONG_OUTAGE_MILLIS : between(3_000, 8_000);
            Step step = step(new Disruption.Outage(scope.instances(), of), now, lasts);
            links.forEach(link -> disturbed.put(link, step.until().toMillis()));
            return Optional.of(step);
        }

        private Step step(Disruption disruption, long now, long lasts) {
            return new Step(Duration.ofMillis(now), disruption, Duration.ofMillis(Math.min(lasts, end - now)));
        }

        private boolean isDisturbed(Object what, long now) {
            return disturbed.getOrDefault(what, 0L) > now;
        }

        private End anyEnd() {
            List<End> ends = scope.redis() ? List.of(End.values()) : List.of(End.CLIENTS, End.DATABASE);
            return ends.get(random.nextInt(ends.size()));
        }

        private Link anyLink(End to) {
            return new Link(random.nextInt(scope.instances()), to);
        }

        private LinkFault linkFault() {
            return switch (random.nextInt(7)) {
                case 0 -> new LinkFault.Delayed(Duration.ofMillis(between(5, 800)));
                case 1 -> new LinkFault.Throttled((int) between(500, 50_000));
                case 2 -> new LinkFault.Split();
                case 3 -> new LinkFault.Stalled(Direction.OUT);
                case 4 -> new LinkFault.Stalled(Direction.BACK);
                case 5 -> new LinkFault.HalfOpen();
                default -> new LinkFault.Vanished();
            };
        }

        /** Long only in long runs, so that the cluster works most of the time. */
        private long freezeMillis() {
            long most = Math.clamp(end / 4, FREEZE_LEAST_MILLIS + 1, FREEZE_MOST_MILLIS);
            return between(FREEZE_LEAST_MILLIS, most);
        }

        private long between(long least, long most) {
            return random.nextLong(least, most + 1);
        }
    }
}
