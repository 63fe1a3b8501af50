package dev.tutti.faults;

import dev.tutti.faults.cluster.FaultCluster;
import dev.tutti.faults.cluster.Sampler;
import dev.tutti.testkit.history.Finding;
import dev.tutti.testkit.history.History;
import dev.tutti.testkit.limit.Limit;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A watch on the resources that the cluster uses, which looks four times a second. On a virtual thread of its own. */
final class Watch implements AutoCloseable {
    /** Heap, code, stacks and the buffers of the network, for the small heap that {@link ServerLaunch} gives. */
    private static final long RESIDENT_MIB = 640;

    private static final Duration LOOK = Duration.ofMillis(250);

    private final FaultCluster cluster;
    private final int instances;
    private final History history;
    private final Limit connections;
    private final Limit memory = new Limit("resident MiB of an instance", RESIDENT_MIB);
    private final Thread thread = Thread.ofVirtual().name("watch").unstarted(this::look);

    private Watch(FaultCluster cluster, int instances, int budget, History history) {
        this.cluster = cluster;
        this.instances = instances;
        this.history = history;
        this.connections = new Limit("connections to PostgreSQL", budget);
    }

    /** One that has begun to look at {@code instances} which together may have {@code budget} connections. */
    static Watch over(FaultCluster cluster, int instances, int budget, History history) {
        Watch watch = new Watch(cluster, instances, budget, history);
        watch.thread.start();
        return watch;
    }

    private void look() {
        try (Sampler sessions = cluster.sessions()) {
            while (true) {
                sessions.count().ifPresent(count -> connections.sample(count, history.age()));
                for (int i = 0; i < instances; i++) {
                    memory.sample(cluster.residentBytes(i) / (1024 * 1024), history.age());
                }
                Thread.sleep(LOOK);
            }
        } catch (InterruptedException closed) {
            Thread.currentThread().interrupt();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    List<Finding> findings() {
        return Stream.of(connections, memory)
                .map(Limit::finding)
                .flatMap(Optional::stream)
                .toList();
    }

    List<String> lines() {
        return List.of(connections.toString(), memory.toString());
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
