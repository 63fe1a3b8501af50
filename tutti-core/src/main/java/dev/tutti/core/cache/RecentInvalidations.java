package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The invalidations of one cache that a load which is still under way may not have seen. Those of a key are remembered with it, for
 * {@value #MAX_KEYS} keys; invalidations that do not fit count for all keys, as those of tags do: then a load may be begun that was
 * not needed, and none is taken for fresh that is not. Pure; its owner guards it.
 */
final class RecentInvalidations {
    /** How many keys are told apart. */
    static final int MAX_KEYS = 10_000;

    private static final int MAX_ORIGINS = 1_000;

    private record Heard(VersionVector version, long at) {
        Heard with(NodeTag origin, long number, long now) {
            return new Heard(version.with(origin, number), now);
        }
    }

    private final long memory;
    private final Map<String, Heard> byKey = new LinkedHashMap<>(); // those heard last are last
    private Heard ofAll;

    /** None yet; each is forgotten after {@code memory} nanoseconds, when no load can be under way that began before it. */
    RecentInvalidations(long memory, long now) {
        this.memory = memory;
        this.ofAll = new Heard(VersionVector.NONE, now);
    }

    /** {@code origin} says in its invalidation {@code number} that {@code key}, or every value, may have changed. */
    void heard(NodeTag origin, long number, Optional<String> key, long now) {
        forget(now);
        if (key.isEmpty()) {
            ofAll = ofAll.with(origin, number, now);
            return;
        }
        @Nullable Heard before = byKey.remove(key.get());
        Heard last = before == null ? new Heard(VersionVector.NONE, now) : before;
        byKey.put(key.get(), last.with(origin, number, now));
        if (byKey.size() > MAX_KEYS) {
            var eldest = byKey.entrySet().iterator();
            ofAll = new Heard(ofAll.version().with(eldest.next().getValue().version()), now);
            eldest.remove();
        }
    }

    /** The known invalidations of {@code key}. */
    VersionVector version(String key, long now) {
        forget(now);
        @Nullable Heard heard = byKey.get(key);
        return heard == null ? ofAll.version() : ofAll.version().with(heard.version());
    }

    private void forget(long now) {
        var eldest = byKey.values().iterator();
        while (eldest.hasNext() && now - eldest.next().at() > memory) {
            eldest.remove();
        }
        if (now - ofAll.at() > memory || ofAll.version().numbers().size() > MAX_ORIGINS) {
            ofAll = new Heard(VersionVector.NONE, now);
        }
    }
}
