package dev.tutti.tck;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import java.time.Duration;
import java.util.UUID;

/**
 * A way to a store of members that a test can shut: every call fails then, as if the store could not be reached. As safe for many
 * threads as that store.
 */
public class GatedMemberStore implements MemberStore {
    private final MemberStore behind;
    private volatile boolean shut;

    /** An open way to {@code behind}. */
    public GatedMemberStore(MemberStore behind) {
        this.behind = behind;
    }

    /** Lets nothing through from now on. */
    public final void shut() {
        shut = true;
    }

    /** Lets everything through from now on. */
    public final void open() {
        shut = false;
    }

    /** Whether nothing is let through. */
    public final boolean isShut() {
        return shut;
    }

    private MemberStore way() {
        if (shut) {
            throw new TuttiException(ErrorCode.UNAVAILABLE, "the store cannot be reached");
        }
        return behind;
    }

    @Override
    public void join(Member member, Duration silence) {
        way().join(member, silence);
    }

    @Override
    public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
        return way().heartbeat(heartbeat, silence);
    }

    @Override
    public void leave(UUID incarnation) {
        way().leave(incarnation);
    }
}
