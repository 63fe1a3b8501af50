package dev.tutti.member;

import java.util.Set;
import java.util.UUID;

/**
 * One heartbeat of a member.
 *
 * @param member the member, as it describes itself
 * @param number the number of heartbeats that it has also sent on the bus, so that others know whether they hear it there; 0 if it does
 *     not send any
 * @param unheard the processes whose heartbeats it does not hear on the bus
 */
public record Heartbeat(Member member, long number, Set<UUID> unheard) {
    public Heartbeat {
        unheard = Set.copyOf(unheard);
    }

    /** A heartbeat that is not sent on the bus. */
    public static Heartbeat of(Member member) {
        return new Heartbeat(member, 0, Set.of());
    }
}
