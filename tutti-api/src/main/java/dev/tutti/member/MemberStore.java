package dev.tutti.member;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/**
 * Keeps the list of the cluster's members, by one clock for all of them. Safe for use by many threads; blocks.
 *
 * <p>Failures are {@link dev.tutti.TuttiException}s with {@link dev.tutti.ErrorCode#UNAVAILABLE}.
 */
public interface MemberStore {
    /** Adds a member, alive from now on. */
    void join(Member member);

    /**
     * Notes that {@code member} is alive and what it says of itself, and takes out all that were silent for longer than
     * {@code silence}.
     *
     * @return everybody; without {@code member} if it had been taken out before: then it is not noted, and must join anew
     */
    List<Member> beat(Member member, Duration silence);

    /** Takes one out; without effect if it is not there. */
    void leave(UUID incarnation);
}
