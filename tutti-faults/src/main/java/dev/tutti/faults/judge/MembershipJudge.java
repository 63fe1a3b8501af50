package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Sampler;
import dev.tutti.faults.cluster.Trouble;
import dev.tutti.testkit.history.Fault;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * A judge of membership: no live instance is taken for dead. One process has one incarnation, unless it stood still or was cut off
 * from PostgreSQL while others were not. An outage of PostgreSQL for all is no excuse, and neither are busy processors.
 */
public final class MembershipJudge extends Watcher {
    private static final Duration LOOK = Duration.ofMillis(250);
    private static final Duration EXCUSED = Duration.ofSeconds(30);
    private static final Set<Trouble> EXCUSES = EnumSet.of(Trouble.FROZEN, Trouble.DATABASE_LINK);

    private final FaultCluster cluster;
    private final Map<String, Integer> numbers = new HashMap<>();
    private final Map<UUID, Set<UUID>> incarnations = new HashMap<>();
    private final Set<UUID> known = new HashSet<>();

    /** Begins to look at {@code instances} instances of {@code cluster}. */
    public static MembershipJudge of(FaultCluster cluster, int instances) {
        MembershipJudge judge = new MembershipJudge(cluster, instances);
        judge.start("membership", judge::look);
        return judge;
    }

    private MembershipJudge(FaultCluster cluster, int instances) {
        this.cluster = cluster;
        for (int i = 0; i < instances; i++) {
            numbers.put(cluster.name(i), i);
        }
    }

    private void look() throws InterruptedException {
        try (Sampler sampler = cluster.sessions()) {
            while (true) {
                Map<UUID, Sampler.InstanceProcess> now = sampler.incarnations();
                now.forEach(this::note);
                known.retainAll(now.keySet());
                Thread.sleep(LOOK);
            }
        }
    }

    private void note(UUID incarnation, Sampler.InstanceProcess process) {
        String name = process.instance();
        Integer instance = numbers.get(name);
        if (instance == null || !known.add(incarnation)) {
            return;
        }
        judged();
        Set<UUID> lives = incarnations.computeIfAbsent(process.id(), _ -> new HashSet<>());
        boolean fresh = lives.add(incarnation); // while PostgreSQL was away none was seen
        if (fresh && lives.size() > 1 && cluster.undisturbed(instance, EXCUSED, EXCUSES)) {
            found(Fault.FENCED, name, "was taken for dead though it was alive: it had to join anew as " + incarnation);
        }
    }

    @Override
    public String line() {
        return count() + " incarnations of instances seen";
    }
}
