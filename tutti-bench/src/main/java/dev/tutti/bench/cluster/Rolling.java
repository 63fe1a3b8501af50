package dev.tutti.bench.cluster;

import dev.tutti.bench.load.DeliveryCounts;
import dev.tutti.bench.load.Followed;
import dev.tutti.bench.load.Followers;
import dev.tutti.testkit.client.ServerApi;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.HdrHistogram.Histogram;

/** A cluster whose instances are restarted one after the other while people talk and clients follow their streams. */
final class Rolling {
    /**
     * How much.
     *
     * @param clients that follow
     * @param rate messages per second
     * @param groups that the messages go to, and the clients follow, each one
     * @param instances in the cluster
     * @param calm how long before and after the restart
     */
    record Load(int clients, int rate, int groups, int instances, Duration calm) {}

    /**
     * The outcome of a rolling restart.
     *
     * @param restart how long it took
     * @param sent what the senders saw
     * @param seen what the clients saw
     * @param missing events that were acknowledged and had not come half a minute after the end
     * @param before latencies of events before the restart, in nanoseconds
     * @param during those during it, and up to the end
     */
    record Outcome(
            Duration restart,
            SteadySenders.Tally sent,
            DeliveryCounts.Report seen,
            long missing,
            Histogram before,
            Histogram during) {
        /** Events that were acknowledged and did not come. */
        long lost() {
            return seen.lost() + missing;
        }
    }

    private static final Duration OPENING = Duration.ofMinutes(2);
    private static final Duration SETTLING = Duration.ofSeconds(30);

    private Rolling() {}

    /** Lets it happen on {@code cluster}. */
    static Outcome run(BenchCluster cluster, Load load) {
        try (ServerApi door = GroupSenders.door(URI.create("http://127.0.0.1:" + cluster.port()))) {
            List<SteadySenders.Sender> senders = GroupSenders.register(door, load.groups());
            List<Followed> feeds =
                    senders.stream().map(SteadySenders.Sender::followed).toList();
            try (Followers followers = new Followers(List.of(cluster.port()), feeds, load.clients())) {
                followers.open(OPENING);
                return talking(cluster, load, door, senders, followers);
            }
        }
    }

    private static Outcome talking(
            BenchCluster cluster, Load load, ServerApi door, List<SteadySenders.Sender> senders, Followers followers) {
        SteadySenders.Tally sent;
        Histogram before;
        Duration restart;
        try (SteadySenders sending = new SteadySenders(List.of(door), senders, load.rate(), followers::acknowledged)) {
            Pauses.of(load.calm());
            before = followers.takeLatencies();
            long began = System.nanoTime();
            cluster.restart();
            restart = Duration.ofNanos(System.nanoTime() - began);
            Pauses.of(load.calm());
            sent = sending.finish();
        }
        long missing = followers.settle(SETTLING);
        return new Outcome(restart, sent, followers.report(), missing, before, followers.takeLatencies());
    }
}
