package dev.tutti.core.stream;

import java.time.Duration;

/**
 * The settings of streams.
 *
 * @param writers combined transactions at a time, 1 to 16; a stream always goes to the same one
 * @param logReaders subscribers that read the log at a time, 1 to 256; the others wait their turn
 * @param pageSize events read at a time, 1 to 1,000
 * @param sweepInterval the pause between looks for what nobody announced, at least 10 ms
 * @param retentionInterval the pause between rounds of giving back space, positive
 */
public record StreamSettings(
        int writers, int logReaders, int pageSize, Duration sweepInterval, Duration retentionInterval) {
    /** The settings that suit most systems. */
    public static final StreamSettings DEFAULT =
            new StreamSettings(2, 4, 200, Duration.ofSeconds(1), Duration.ofMinutes(10));

    public StreamSettings {
        within("writers", writers, 16);
        within("logReaders", logReaders, 256);
        within("pageSize", pageSize, 1_000);
        if (sweepInterval.compareTo(Duration.ofMillis(10)) < 0) {
            throw new IllegalArgumentException("sweepInterval is " + sweepInterval + "; allowed are 10 ms and more");
        }
        if (retentionInterval.isNegative() || retentionInterval.isZero()) {
            throw new IllegalArgumentException("retentionInterval is " + retentionInterval + "; it must be positive");
        }
    }

    /** The same, with another pause between looks. */
    public StreamSettings withSweepInterval(Duration pause) {
        return new StreamSettings(writers, logReaders, pageSize, pause, retentionInterval);
    }

    /** The same, with another pause between rounds of giving back space. */
    public StreamSettings withRetentionInterval(Duration pause) {
        return new StreamSettings(writers, logReaders, pageSize, sweepInterval, pause);
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are 1 to " + most);
        }
    }
}
