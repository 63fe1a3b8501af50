package dev.tutti.testkit.limit;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import java.time.Duration;
import java.util.Optional;

/**
 * A value that is sampled during a run, with the largest allowed one. If any sample is larger, there is one finding, with the largest
 * sample. Safe for use by many threads.
 */
public final class Limit {
    private final String what;
    private final long allowed;
    private long samples;
    private long highest;
    private Duration when = Duration.ZERO;

    /** A limit of {@code allowed} for {@code what}, a name with a unit for the finding. */
    public Limit(String what, long allowed) {
        this.what = what;
        this.allowed = allowed;
    }

    /** Adds a sample; {@code time} is the time since the beginning of the run. */
    public synchronized void sample(long value, Duration time) {
        samples++;
        if (value > highest) {
            highest = value;
            when = time;
        }
    }

    /** The largest sample; 0 if there is none. */
    public synchronized long highest() {
        return highest;
    }

    /** The finding if a sample was too large, or if there was no sample at all; otherwise empty. */
    public synchronized Optional<Finding> finding() {
        if (samples == 0) {
            return Optional.of(new Finding(Fault.UNEXPLAINED, what, "was never looked at"));
        }
        return highest <= allowed
                ? Optional.empty()
                : Optional.of(new Finding(
                        Fault.OVER_LIMIT, what, "was " + highest + " after " + when + "; allowed are " + allowed));
    }

    /** A text for people: the largest sample, the limit, and the number of samples. */
    @Override
    public synchronized String toString() {
        return what + ": at most " + highest + " of " + allowed + ", in " + samples + " samples";
    }
}
