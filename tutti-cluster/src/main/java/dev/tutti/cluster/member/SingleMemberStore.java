package dev.tutti.cluster.member;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The list of members of an instance that is on its own. */
public final class SingleMemberStore implements MemberStore {
    private final Clock clock;

    /** One whose time is {@code clock}'s. */
    public SingleMemberStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public void join(Member member, Duration silence) {}

    @Override
    public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
        return new MemberList(List.of(heartbeat), clock.instant());
    }

    @Override
    public void leave(UUID incarnation) {}
}
