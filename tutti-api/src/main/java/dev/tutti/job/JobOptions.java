package dev.tutti.job;

import dev.tutti.concurrent.Backoff;
import java.time.Duration;

/**
 * The options with which jobs of one kind are run. Immutable.
 *
 * @param attempts how many attempts may fail before the job has failed, 1 to 100. The death of a runner counts as a failed attempt. An
 *     attempt whose runner is cut off from the database does not count; a job may have ten of these, or {@code attempts} if that is more
 * @param firstPause the pause after the first failure, 1 ms to 1 d; each further pause is twice as long
 * @param longestPause the longest pause, from {@code firstPause} to 30 d
 * @param timeout how long an attempt may take before it is interrupted, 1 ms to 30 d
 * @param concurrency how many jobs of the kind run at a time in the cluster, 1 to 100,000; {@link #UNLIMITED} for no limit
 */
public record JobOptions(int attempts, Duration firstPause, Duration longestPause, Duration timeout, int concurrency) {
    /** No limit on the jobs of a kind that run at a time, other than the limit of each instance. */
    public static final int UNLIMITED = 0;

    private static final int MOST_ATTEMPTS = 100;
    private static final int MOST_AT_A_TIME = 100_000;
    private static final Duration LEAST = Duration.ofMillis(1);
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration MONTH = Duration.ofDays(30);

    /** Five attempts, pauses from a second to five minutes, an hour for each attempt, any number at a time. */
    public static final JobOptions DEFAULT =
            new JobOptions(5, Duration.ofSeconds(1), Duration.ofMinutes(5), Duration.ofHours(1), UNLIMITED);

    public JobOptions {
        if (attempts < 1 || attempts > MOST_ATTEMPTS) {
            throw new IllegalArgumentException("attempts " + attempts + "; allowed are 1 to " + MOST_ATTEMPTS);
        }
        if (concurrency < UNLIMITED || concurrency > MOST_AT_A_TIME) {
            throw new IllegalArgumentException("concurrency " + concurrency + "; allowed are 1 to " + MOST_AT_A_TIME
                    + ", or " + UNLIMITED + " for any");
        }
        within("first pause", firstPause, LEAST, DAY);
        within("longest pause", longestPause, firstPause, MONTH);
        within("timeout", timeout, LEAST, MONTH);
    }

    private static void within(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(name + " " + value + "; allowed are " + least + " to " + most);
        }
    }

    /** The same with so many attempts. */
    public JobOptions withAttempts(int number) {
        return new JobOptions(number, firstPause, longestPause, timeout, concurrency);
    }

    /** The same with pauses from {@code first} to {@code longest}. */
    public JobOptions withBackoff(Duration first, Duration longest) {
        return new JobOptions(attempts, first, longest, timeout, concurrency);
    }

    /** The same with so much time for each attempt. */
    public JobOptions withTimeout(Duration time) {
        return new JobOptions(attempts, firstPause, longestPause, time, concurrency);
    }

    /** The same with so many at a time in the cluster. */
    public JobOptions withConcurrency(int most) {
        return new JobOptions(attempts, firstPause, longestPause, timeout, most);
    }

    /** The pause after so many failures, from 1. */
    public Duration pause(int failures) {
        return new Backoff(firstPause, longestPause).pause(failures);
    }
}
