package dev.tutti.postgres.job;

import java.time.Duration;

/**
 * The settings of the jobs of an instance.
 *
 * @param concurrency the most jobs at a time, 0 to 1,000; with 0 the instance runs no jobs, but can enqueue them
 * @param retention the time for which ended jobs are kept, at least a second; the same at all instances
 */
public record PostgresJobSettings(int concurrency, Duration retention) {
    private static final int MOST = 1_000;
    private static final Duration LEAST = Duration.ofSeconds(1);

    /** The defaults: four at a time, kept for a week. */
    public static final PostgresJobSettings DEFAULT = new PostgresJobSettings(4, Duration.ofDays(7));

    public PostgresJobSettings {
        if (concurrency < 0 || concurrency > MOST) {
            throw new IllegalArgumentException("concurrency of jobs " + concurrency + "; allowed are 0 to " + MOST);
        }
        if (retention.compareTo(LEAST) < 0) {
            throw new IllegalArgumentException("retention of jobs " + retention + "; allowed are PT1S and more");
        }
    }
}
