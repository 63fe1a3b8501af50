package dev.tutti.core.stream;

import dev.tutti.stream.Appended;
import java.util.List;

/**
 * Appends in a transaction of the caller that is not committed yet. Immutable.
 *
 * @param results the results of the appends, which are valid if the transaction commits
 * @param announcement the action of {@link #announce}
 */
public record Pending(List<Appended> results, Runnable announcement) {
    /**
     * Tells subscribers of the events. Call it after the commit. Without this call they get the events with the next sweep, about a second
     * later. Does not block.
     */
    public void announce() {
        announcement.run();
    }
}
