package dev.tutti.faults.presence;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Sampler;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * The record of which instances must tell the truth about presence: those that are up, have been let alone for some seconds, and
 * whose heartbeats have come through all the while. Such an instance has also asked for what it missed before. On a virtual thread
 * of its own; safe for use by many.
 */
final class Soundness implements AutoCloseable {
    /**
     * How long all must have been well. A missed change is in the others' next heartbeat, heard with one's own next, and asked
     * for with the one behind that; a death meanwhile is noticed with a heartbeat, and counts two seconds more.
     */
    private static final Duration SETTLED = Duration.ofSeconds(4);

    private static final Duration LOOK = Duration.ofMillis(200);

    private final FaultCluster cluster;
    private final int instances;
    private final long[] beatingSince;
    private final boolean[] beats;
    private final long[] upSince;
    private final boolean[] up;
    private final Thread thread = Thread.ofVirtual().name("soundness").unstarted(this::look);

    /** Of {@code instances}, all unsound for the first seconds. */
    Soundness(FaultCluster cluster, int instances) {
        this.cluster = cluster;
        this.instances = instances;
        this.beatingSince = new long[instances];
        this.beats = new boolean[instances];
        this.upSince = new long[instances];
        this.up = new boolean[instances];
    }

    void start() {
        thread.start();
    }

    private void look() {
        try (Sampler sampler = cluster.sessions()) {
            while (true) {
                note(sampler.beating());
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        }
    }

    private synchronized void note(Set<String> beating) {
        for (int i = 0; i < instances; i++) {
            boolean now = beating.contains(cluster.name(i));
            if (now && !beats[i]) {
                beatingSince[i] = System.nanoTime();
            }
            beats[i] = now;
            if (cluster.up(i) && !up[i]) {
                upSince[i] = System.nanoTime();
            }
            up[i] = cluster.up(i);
        }
    }

    /** Whether what this instance was told of, and tells others, comes in time. It may have been killed a moment ago. */
    synchronized boolean isSound(int instance) {
        return beats[instance]
                && System.nanoTime() - beatingSince[instance] >= SETTLED.toNanos()
                && cluster.undisturbed(instance, SETTLED);
    }

    /** Whether it is sound, and neither killed nor leaving, nor was so a moment ago. */
    synchronized boolean isWell(int instance) {
        return isSound(instance)
                && cluster.up(instance)
                && up[instance]
                && System.nanoTime() - upSince[instance] >= SETTLED.toNanos();
    }

    /** One of those that are well, by chance. */
    Optional<Integer> anyWell(Random random) {
        int[] well = IntStream.range(0, instances).filter(this::isWell).toArray();
        return well.length == 0 ? Optional.empty() : Optional.of(well[random.nextInt(well.length)]);
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
