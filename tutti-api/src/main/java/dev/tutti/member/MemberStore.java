package dev.tutti.member;

import java.time.Duration;
import java.util.UUID;

/**
 * Keeps the list of the cluster's members, by one clock for all of them. Safe for use by many threads; blocks.
 *
 * <p>A member is dead when it was silent while others were not. When nobody was heard for more than half of the silence,
 * the store was away: that time counts for nobody as more than a fifth of the silence, and when nobody was heard for all of
 * it, everybody who is known has that long again. So does a member whose heartbeat lies ahead of the clock, which was set
 * back.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface MemberStore {
    /** Adds a member, alive from now on. */
    void join(Member member, Duration silence);

    /**
     * Notes that a member is alive and what it says, and takes out all others that were silent for longer than {@code
     * silence}.
     *
     * @return everybody; without the member if it had been taken out before: then it is not noted, and must join anew
     */
    MemberList heartbeat(Heartbeat heartbeat, Duration silence);

    /** Takes one out; without effect if it is not there. */
    void leave(UUID incarnation);
}
