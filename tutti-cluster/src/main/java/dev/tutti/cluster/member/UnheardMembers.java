package dev.tutti.cluster.member;

import dev.tutti.member.Heartbeat;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/**
 * The members whose heartbeats do not come by the bus, though they come by the store. Pure; times are nanoseconds of one monotonic
 * clock. Safe for use by many threads.
 */
final class UnheardMembers {
    /** For how long heartbeats may be missing on the bus. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long RECONNECT_EVERY = Duration.ofSeconds(10).toNanos();
    private static final long MOST_BETWEEN = PATIENCE.dividedBy(2).toNanos();
    private static final int MOST_UNKNOWN = 10_000;

    private static final class Peer {
        private long heard;
        private long expected; // the number that must have come, which was in the store at caughtUpAt
        private long caughtUpAt;
    }

    private final Map<UUID, Peer> peers = new HashMap<>();
    private boolean begun;
    private long comparedAt;
    private boolean reconnected;
    private long reconnectedAt;

    /** A heartbeat of {@code process} has come by the bus. */
    synchronized void heard(UUID process, long number) {
        if (peers.size() < MOST_UNKNOWN) { // those that are not members go with the next comparison
            Peer peer = peers.computeIfAbsent(process, _ -> new Peer());
            peer.heard = Math.max(peer.heard, number);
        }
    }

    /** Those of {@code others} that are missing, according to what the store has of them now. */
    synchronized Set<UUID> of(Collection<Heartbeat> others, long now) {
        boolean afresh =
                !begun || now - comparedAt > MOST_BETWEEN; // the store was away, and nobody had anything to say
        begun = true;
        comparedAt = now;
        Set<UUID> known = new HashSet<>();
        Set<UUID> missing = new HashSet<>();
        for (Heartbeat each : others) {
            UUID process = each.member().process();
            known.add(process);
            Peer peer = peers.computeIfAbsent(process, _ -> new Peer());
            if (afresh || peer.expected == 0 || peer.heard >= peer.expected) {
                peer.caughtUpAt = now;
                peer.expected = each.number();
                peer.heard = Math.min(peer.heard, each.number() + 1); // nobody is ahead of what it tells the store
            } else if (now - peer.caughtUpAt > PATIENCE.toNanos()) {
                missing.add(process);
            }
        }
        peers.keySet().retainAll(known);
        return missing;
    }

    /** Whether it is long enough ago that this was so the last time. */
    synchronized boolean mayReconnect(long now) {
        if (reconnected && now - reconnectedAt < RECONNECT_EVERY) {
            return false;
        }
        reconnected = true;
        reconnectedAt = now;
        return true;
    }
}
