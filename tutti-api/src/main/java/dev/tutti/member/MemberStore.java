package dev.tutti.member;

import java.time.Duration;
import java.util.UUID;

/**
 * Stores the list of the cluster's members, by one clock for all of them. Safe for use by many threads; blocks.
 *
 * <p>A member counts as dead when it was silent while others were not. If no member was heard for more than half of the allowed silence,
 * the store itself was unavailable. This time counts for each member as at most a fifth of the silence. If no member was heard for the
 * whole silence, every known member has that time once more. The same holds for a member whose heartbeat is ahead of the clock, because the
 * clock was set back.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface MemberStore {
    /** Adds a member, which is alive from now on. */
    void join(Member member, Duration silence);

    /**
     * Records the heartbeat of a member, and removes all other members that were silent for longer than {@code silence}.
     *
     * @return all members. The member itself is missing if it had been removed before: then its heartbeat is not recorded, and it must join
     *     again
     */
    MemberList heartbeat(Heartbeat heartbeat, Duration silence);

    /** Removes a member; without effect if it is not in the list. */
    void leave(UUID incarnation);
}
