package dev.tutti.memory;

import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** The members of a cluster whose instances live in one process. Safe for use by many threads. */
public final class MemoryMemberStore implements MemberStore {
    private record Row(Member member, Instant heard) {}

    private final Clock clock;
    private final Map<UUID, Row> rows = new LinkedHashMap<>();

    /** Nobody, by {@code clock}. */
    public MemoryMemberStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void join(Member member) {
        rows.put(member.incarnation(), new Row(member, clock.instant()));
    }

    @Override
    public synchronized List<Member> beat(Member member, Duration silence) {
        Instant now = clock.instant();
        rows.values().removeIf(row -> row.heard().isBefore(now.minus(silence)));
        rows.computeIfPresent(member.incarnation(), (_, _) -> new Row(member, now));
        return rows.values().stream().map(Row::member).toList();
    }

    @Override
    public synchronized void leave(UUID incarnation) {
        rows.remove(incarnation);
    }
}
