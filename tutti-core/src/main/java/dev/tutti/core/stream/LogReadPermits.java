package dev.tutti.core.stream;

import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Keeps the subscriptions of one client from reading the log all at once: a few read, the others wait for their turn. So
 * what a client that fell behind in many streams costs in memory does not depend on how many they are. Confined to the
 * executor of its subscribers.
 */
public final class LogReadPermits {
    private static final int AT_ONCE = 2;

    private final Set<StreamSubscription> waiting = new LinkedHashSet<>();
    private int reading;

    /** Turns that nobody has taken. */
    public LogReadPermits() {}

    /** Takes a turn; if there is none, {@code subscription} is asked to read the log when there is. */
    boolean take(StreamSubscription subscription) {
        if (reading == AT_ONCE) {
            waiting.add(subscription);
            return false;
        }
        reading++;
        return true;
    }

    /**
     * Gives a turn back. The subscription that has waited longest is next; one that cannot take more now waits for its resume, not
     * here.
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
