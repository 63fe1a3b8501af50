package dev.tutti.core.stream;

import dev.tutti.stream.Appended;
import java.util.List;

/**
 * Appends that are part of a transaction the caller has yet to commit.
 *
 * @param results what they will be, if it commits
 * @param announcement see {@link #announce}
 */
public record Pending(List<Appended> results, Runnable announcement) {
    /**
     * Says that the transaction has been committed, so that subscribers get the events at once. If this is forgotten they
     * get them with the next sweep, about a second later.
     */
    public void announce() {
        announcement.run();
    }
}
