package dev.tutti.core.stream;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Permits for the subscriptions of one client to read the log: at most two read at a time, and the others wait. So a client that is behind
 * in many streams costs no more memory than one that is behind in a few. Not safe for use by many threads: confined to the executor of its
 * subscribers.
 */
public final class LogReadPermits {
    private static final int AT_ONCE = 2;

    private final Set<StreamSubscription> waiting = new LinkedHashSet<>();
    private int reading;

    /** All permits are free. */
    public LogReadPermits() {}

    /** Takes a permit. If there is none, it returns false, and {@code subscription} is told to read the log when there is one. */
    boolean take(StreamSubscription subscription) {
        if (reading == AT_ONCE) {
            waiting.add(subscription);
            return false;
        }
        reading++;
        return true;
    }

    /**
     * Returns a permit, and lets the subscription that has waited longest read. A subscription whose subscriber is not ready does not wait
     * here, but for its resume.
     */
    void over() {
        reading--;
        while (reading < AT_ONCE && !waiting.isEmpty()) {
            Iterator<StreamSubscription> first = waiting.iterator();
            StreamSubscription next = first.next();
            first.remove();
            next.guarded(next::readLog);
        }
    }
}
