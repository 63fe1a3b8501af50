package dev.tutti.faults.judge;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Sampler;
import dev.tutti.faults.cluster.Sampler.Effects;
import dev.tutti.testkit.history.Fault;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A judge of leases: workers of a singleton's type and of shards have effect one after the other. Nothing is done under an older
 * token of a lease after it was done under a newer one. When all is well again each of them works.
 */
public final class LeaseJudge extends Watcher {
    /** How many shards there are, beside the singleton, which is shard 0. */
    public static final int SHARDS = 3;

    private static final Duration LOOK = Duration.ofSeconds(5);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Sampler sampler;
    private final Set<Integer> told = new HashSet<>();
    private Map<Integer, Effects> latest = Map.of();

    /** Begins. */
    public static LeaseJudge of(FaultCluster cluster) {
        LeaseJudge judge = new LeaseJudge(cluster.sessions());
        judge.start("one-at-a-time", judge::watch);
        return judge;
    }

    private LeaseJudge(Sampler sampler) {
        this.sampler = sampler;
    }

    private void watch() throws InterruptedException {
        while (true) {
            Thread.sleep(LOOK);
            look();
        }
    }

    private synchronized Optional<Map<Integer, Effects>> look() {
        Optional<Map<Integer, Effects>> effects = sampler.effects();
        effects.ifPresent(all -> {
            latest = all;
            all.forEach((shard, done) -> {
                if (done.late() > 0 && told.add(shard)) {
                    found(Fault.UNFENCED, "shard " + shard, done.late() + " things were done under an older token");
                }
            });
        });
        return effects;
    }

    /** Each has to do something more than it had done when all was well again. */
    @Override
    void release() {
        Map<Integer, Integer> before = new HashMap<>();
        look().ifPresent(effects -> effects.forEach((shard, done) -> before.put(shard, done.count())));
        boolean working = comesTrue(() -> look().isPresent() && idle(before).isEmpty(), PATIENCE);
        Set<Integer> idle = working ? Set.of() : idle(before);
        idle.forEach(shard -> found(Fault.STUCK, "shard " + shard, "its worker does nothing though all is well again"));
        sampler.close();
    }

    private Set<Integer> idle(Map<Integer, Integer> before) {
        Set<Integer> idle = new HashSet<>();
        IntStream.rangeClosed(0, SHARDS)
                .filter(shard ->
                        !latest.containsKey(shard) || latest.get(shard).count() <= before.getOrDefault(shard, 0))
                .forEach(idle::add);
        return idle;
    }

    @Override
    public synchronized String line() {
        return latest.values().stream().mapToInt(Effects::count).sum() + " things done by workers of "
                + latest.values().stream().mapToInt(Effects::holders).sum() + " holders";
    }
}
