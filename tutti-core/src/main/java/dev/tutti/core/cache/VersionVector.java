package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import java.util.HashMap;
import java.util.Map;

/**
 * The invalidations that somebody knows of, as a version vector: for each instance that made some, the number of the last. A load
 * that was begun by somebody who knew of all that another one knows of is fresh enough for that one, too (D. S. Parker and others,
 * Detection of Mutual Inconsistency in Distributed Systems, 1983).
 */
record VersionVector(Map<NodeTag, Long> numbers) {
    /** Of somebody who knows of none. */
    static final VersionVector NONE = new VersionVector(Map.of());

    VersionVector {
        numbers = Map.copyOf(numbers);
    }

    /** Whether all invalidations of {@code other} are in this one. */
    boolean covers(VersionVector other) {
        return other.numbers.entrySet().stream()
                .allMatch(each -> numbers.getOrDefault(each.getKey(), Long.MIN_VALUE) >= each.getValue());
    }

    /** The invalidations that at least one of both knows of. */
    VersionVector with(VersionVector other) {
        if (covers(other)) {
            return this;
        }
        Map<NodeTag, Long> both = new HashMap<>(numbers);
        other.numbers.forEach((origin, number) -> both.merge(origin, number, Math::max));
        return new VersionVector(both);
    }

    /** As above, of one invalidation. */
    VersionVector with(NodeTag origin, long number) {
        return with(new VersionVector(Map.of(origin, number)));
    }
}
