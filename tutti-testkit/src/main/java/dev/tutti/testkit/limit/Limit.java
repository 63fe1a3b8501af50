package dev.tutti.testkit.limit;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import java.time.Duration;
import java.util.Optional;

/**
 * A number that is sampled during a run, with the most it may be. One sample over it is one broken promise; only the
 * worst is told. Safe for use by many threads.
 */
public final class Limit {
    private final String what;
    private final long allowed;
    private long samples;
    private long highest;
    private Duration when = Duration.ZERO;

    /** At most {@code allowed} of {@code what}, which is to be told with its unit. */
    public Limit(String what, long allowed) {
        this.what = what;
        this.allowed = allowed;
    }

    /** It was {@code value} at {@code time} since the beginning of the run. */
    public synchronized void sample(long value, Duration time) {
        samples++;
        if (value > highest) {
            highest = value;
            when = time;
        }
    }

    /** The highest sample, 0 if there is none. */
    public synchronized long highest() {
        return highest;
    }

    /** The finding, if something is wrong. A limit that was never looked at is wrong. */
    public synchronized Optional<Finding> finding() {
        if (samples == 0) {
            return Optional.of(new Finding(Fault.UNEXPLAINED, what, "was never looked at"));
        }
        return highest <= allowed
                ? Optional.empty()
                : Optional.of(new Finding(
                        Fault.OVER_LIMIT, what, "was " + highest + " after " + when + "; allowed are " + allowed));
    }

    /** For people: the highest sample and what is allowed. */
    @Override
    public synchronized String toString() {
        return what + ": at most " + highest + " of " + allowed + ", in " + samples + " samples";
    }
}
