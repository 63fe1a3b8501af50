package dev.tutti.socket;

import dev.tutti.stream.Append;
import java.util.List;

/** A charge for the appends of one request, by {@link StreamAccess#charge}. Safe for use by many threads. */
@FunctionalInterface
public interface Charge {
    /** A charge of nothing. */
    Charge NONE = _ -> {};

    /**
     * Refunds what {@code appends} cost, which are some or all of those charged for: they certainly added nothing, as they were refused, or
     * repeated an event. An append that may have been stored is not among them. Called once at most; must not block, as other appends may wait
     * for it.
     */
    void refund(List<Append> appends);
}
