package dev.tutti.core.stream;

import java.time.Duration;

/**
 * The settings with which an instance writes and reads streams. Immutable.
 *
 * @param writers the number of transactions that append events at the same time, 1 to 16. Each combines waiting appends; all appends to one
 *     stream use the same writer
 * @param logReaders the number of subscriptions that read the log at the same time, 1 to 256; the others wait
 * @param pageSize the most events that one read of the log returns, 1 to 1,000
 * @param sweepInterval the pause between sweeps, at least 10 ms. A sweep asks the store for new events of which no message over the bus
 *     told
 * @param retentionInterval the pause between calls of {@link dev.tutti.stream.RetainingStreamStore#retain}, positive
 */
public record StreamSettings(
        int writers, int logReaders, int pageSize, Duration sweepInterval, Duration retentionInterval) {
    /** 2 writers, 4 readers of the log, 200 events per read, a sweep every second, retention every 10 minutes. */
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

    /** The same with another pause between sweeps. */
    public StreamSettings withSweepInterval(Duration pause) {
        return new StreamSettings(writers, logReaders, pageSize, pause, retentionInterval);
    }

    /** The same with another pause between calls of retention. */
    public StreamSettings withRetentionInterval(Duration pause) {
        return new StreamSettings(writers, logReaders, pageSize, sweepInterval, pause);
    }

    private static void within(String name, int value, int most) {
        if (value < 1 || value > most) {
            throw new IllegalArgumentException(name + " is " + value + "; allowed are 1 to " + most);
        }
    }
}
