package dev.tutti.member;

import java.time.Instant;
import java.util.List;
import java.util.UUID;

/**
 * Everybody who is alive.
 *
 * @param heartbeats the last one of each
 * @param now the time on the store's clock
 */
public record MemberList(List<Heartbeat> heartbeats, Instant now) {
    public MemberList {
        heartbeats = List.copyOf(heartbeats);
    }

    /** The members. */
    public List<Member> members() {
        return heartbeats.stream().map(Heartbeat::member).toList();
    }

    /** Whether {@code incarnation} is one of them. */
    public boolean contains(UUID incarnation) {
        return heartbeats.stream().anyMatch(each -> each.member().incarnation().equals(incarnation));
    }
}
