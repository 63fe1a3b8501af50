package dev.tutti.core.cache;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The puts of one cache that are under way at this instance. A value is kept only if nothing was dropped since its put began, and
 * nobody else put the same key: of two that overlap nobody knows which one the others hear of last. An invalidation is noted here
 * before it drops what is kept, so that neither order of the two keeps what is old. Safe for use by many threads.
 */
final class PendingPuts {
    private record PutsOfKey(int underWay, boolean disturbed) {
        static final PutsOfKey FIRST = new PutsOfKey(1, false);

        PutsOfKey another() {
            return new PutsOfKey(underWay + 1, true);
        }

        PutsOfKey disturb() {
            return new PutsOfKey(underWay, true);
        }
    }

    private final Map<String, PutsOfKey> puts = new ConcurrentHashMap<>(); // as many as threads put

    /** Has {@code tell} tell the others of a value of {@code key}, and then {@code keep} keep it here, unless it may be old by then. */
    void put(String key, Runnable tell, Runnable keep) {
        puts.merge(key, PutsOfKey.FIRST, (there, _) -> there.another());
        try {
            tell.run();
            puts.computeIfPresent(key, (_, there) -> {
                if (!there.disturbed()) {
                    keep.run();
                }
                return there;
            });
        } finally {
            puts.computeIfPresent(
                    key,
                    (_, there) ->
                            there.underWay() == 1 ? null : new PutsOfKey(there.underWay() - 1, there.disturbed()));
        }
    }

    /** The value of {@code key} is dropped. */
    void disturb(String key) {
        puts.computeIfPresent(key, (_, there) -> there.disturb());
    }

    /** Values of whichever keys are dropped. */
    void disturbAll() {
        puts.replaceAll((_, there) -> there.disturb());
    }
}
