package dev.tutti.member;

import java.util.Set;
import java.util.UUID;

/**
 * One heartbeat of a member.
 *
 * @param member what it says of itself
 * @param number how many heartbeats it has sent on the bus as well, so that others know whether they hear it there; 0 if it
 *     does not send them
 * @param unheard the processes whose heartbeats it misses on the bus
 */
public record Heartbeat(Member member, long number, Set<UUID> unheard) {
    public Heartbeat {
        unheard = Set.copyOf(unheard);
    }

    /** One that is not sent on the bus. */
    public static Heartbeat of(Member member) {
        return new Heartbeat(member, 0, Set.of());
    }
}
