package dev.tutti.socket;

import dev.tutti.stream.Append;
import java.util.List;

/** A charge to a quota for the appends of one request, made by {@link StreamAccess#charge}. Safe for use by many threads. */
@FunctionalInterface
public interface Charge {
    /** The charge where there is no quota. */
    Charge NONE = _ -> {};

    /**
     * Refunds the cost of {@code appends}, which are some or all of the charged ones. They certainly added no event, because they were
     * refused or repeated an event. An append that may have been stored is not among them. Called at most once. Must not block, because
     * other appends may wait for it.
     */
    void refund(List<Append> appends);
}
