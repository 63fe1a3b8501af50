package dev.tutti.memory;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/** The members of a cluster whose instances live in one process. Safe for use by many threads. */
public final class MemoryMemberStore implements MemberStore {
    private static final Duration TOLERANCE = Duration.ofSeconds(1);

    private record Row(Heartbeat heartbeat, Instant heard) {
        Row at(Instant moment) {
            return new Row(heartbeat, moment);
        }
    }

    private final Clock clock;
    private final Map<UUID, Row> rows = new LinkedHashMap<>();

    /** Nobody, by {@code clock}. */
    public MemoryMemberStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized void join(Member member, Duration silence) {
        Instant now = clock.instant();
        forgive(silence, now);
        rows.put(member.incarnation(), new Row(Heartbeat.of(member), now));
    }

    @Override
    public synchronized MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
        Instant now = clock.instant();
        forgive(silence, now);
        rows.values().removeIf(row -> row.heard().isBefore(now.minus(silence)));
        rows.computeIfPresent(heartbeat.member().incarnation(), (_, _) -> new Row(heartbeat, now));
        return new MemberList(rows.values().stream().map(Row::heartbeat).toList(), now);
    }

    /** A time in which nobody was heard is not held against anybody. */
    private void forgive(Duration silence, Instant now) {
        Duration hole = rows.values().stream()
                .map(row -> Duration.between(row.heard(), now))
                .min(Comparator.naturalOrder())
                .orElse(Duration.ZERO);
        boolean everybody = hole.compareTo(silence) > 0;
        boolean some = hole.compareTo(silence.dividedBy(2)) > 0;
        rows.replaceAll((_, row) -> {
            if (everybody || row.heard().isAfter(now.plus(TOLERANCE))) {
                return row.at(now);
            }
            return some ? row.at(row.heard().plus(hole.minus(silence.dividedBy(5)))) : row;
        });
    }

    @Override
    public synchronized void leave(UUID incarnation) {
        rows.remove(incarnation);
    }
}
