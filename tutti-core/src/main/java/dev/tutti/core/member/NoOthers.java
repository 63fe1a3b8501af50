package dev.tutti.core.member;

import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/** The list of members of an instance that is on its own. */
public final class NoOthers implements MemberStore {
    @Override
    public void join(Member member) {}

    @Override
    public List<Member> beat(Member member, Duration silence) {
        return List.of(member);
    }

    @Override
    public void leave(UUID incarnation) {}
}
