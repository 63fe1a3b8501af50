package dev.tutti.member;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * All members that are alive.
 *
 * @param heartbeats the last heartbeat of each member
 * @param now the time by the store's clock
 */
public record MemberList(List<Heartbeat> heartbeats, Instant now) {
    public MemberList {
        heartbeats = List.copyOf(heartbeats);
    }

    /** The members. */
    public List<Member> members() {
        return heartbeats.stream().map(Heartbeat::member).toList();
    }

    /** Whether a member has this incarnation. */
    public boolean contains(UUID incarnation) {
        return heartbeats.stream().anyMatch(each -> each.member().incarnation().equals(incarnation));
    }
}
