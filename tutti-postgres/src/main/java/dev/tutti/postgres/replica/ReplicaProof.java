package dev.tutti.postgres.replica;

import java.time.Duration;
import java.time.Instant;

/**
 * Judges whether a server is a replica of the primary that this instance writes to. The proof is this instance's own heartbeat:
 * a server that has one which was written on the primary's present timeline follows that primary, on that timeline. A replica that
 * was left behind by a failover, with commits that the new primary has lost, will never have one. Pure; one thread's.
 */
final class ReplicaProof {
    /** A replica that is further behind than this is not used. */
    static final Duration MOST_LAG = Duration.ofSeconds(5);

    private int timeline;
    private Instant found = Instant.MAX; // the heartbeat when the timeline was seen first: may be of the one before
    private Instant begin = Instant.MAX; // the first that was certainly written on the timeline

    /** The state of the replica. {@code replica} was looked at after {@code primary}. */
    ReplicaState judge(PrimaryStatus primary, ReplicaStatus replica) {
        if (!replica.recovering()) {
            return new ReplicaState.Foreign(
                    "it is no replica any more, but takes writes of its own: it was promoted, or never was one");
        }
        if (!replica.system().equals(primary.system())) {
            return new ReplicaState.Foreign("it is a replica of another server than the primary");
        }
        if (primary.heartbeat().isEmpty()) {
            return new ReplicaState.Unknown("this instance has no heartbeats yet");
        }
        Instant written = primary.heartbeat().get();
        if (primary.position().timeline() != timeline || written.isBefore(found)) {
            timeline = primary.position().timeline();
            found = written;
            begin = Instant.MAX;
        } else if (begin.equals(Instant.MAX) && written.isAfter(found)) {
            begin = written;
        }
        Instant seen = replica.heartbeat().orElse(found);
        Duration lag = seen.isBefore(written) ? Duration.between(seen, written) : Duration.ZERO;
        if (lag.compareTo(MOST_LAG) > 0) {
            return new ReplicaState.Behind(lag);
        }
        boolean proven =
                !seen.isBefore(begin) && !seen.isAfter(written.plus(MOST_LAG)); // else of before a clock was set
        return proven
                ? new ReplicaState.Usable(timeline, lag)
                : new ReplicaState.Unknown("it has not shown yet that it follows the primary");
    }
}
