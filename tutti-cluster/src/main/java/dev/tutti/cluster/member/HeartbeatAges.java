package dev.tutti.cluster.member;

import dev.tutti.member.Heartbeat;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The ages of the members' heartbeats, as far as their numbers in the list show. A member that has gone from the list was removed for its
 * silence, or has left by itself: the second is certain where its last heartbeat is younger than the silence that is allowed. Pure; times
 * are nanoseconds of one monotonic clock. Not safe for use by several threads.
 */
final class HeartbeatAges {
    /**
     * The last heartbeat of a member.
     *
     * @param number its number
     * @param since it was sent after this time; null if that is not known
     */
    private record Last(long number, @Nullable Long since) {}

    private final Map<UUID, Last> heartbeats = new HashMap<>();
    private @Nullable Long looked;

    /** Takes a list that was asked for at {@code asked}. Members that are not in it are forgotten. */
    void look(List<Heartbeat> list, long asked) {
        Map<UUID, Last> before = Map.copyOf(heartbeats);
        heartbeats.clear();
        for (Heartbeat each : list) {
            UUID process = each.member().process();
            @Nullable Last known = before.get(process);
            heartbeats.put(process, new Last(each.number(), since(known, each.number())));
        }
        looked = asked;
    }

    private @Nullable Long since(@Nullable Last known, long number) {
        if (known == null) {
            return null; // it may be as old as the allowed silence
        }
        return known.number() == number ? known.since() : looked;
    }

    /** Whether the last heartbeat of {@code process} was certainly sent within {@code age} before {@code now}. */
    boolean isWithin(Duration age, UUID process, long now) {
        @Nullable Last last = heartbeats.get(process);
        @Nullable Long since = last == null ? null : last.since();
        return since != null && now - since < age.toNanos();
    }
}
