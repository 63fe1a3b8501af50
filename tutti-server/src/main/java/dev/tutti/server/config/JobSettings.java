package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.WORK;

import java.time.Duration;

/** The settings of jobs. */
public final class JobSettings {
    public static final Setting<Integer> CONCURRENCY = Setting.open(
            "JOB_CONCURRENCY",
            WORK,
            Type.whole(0, 1_000),
            "4",
            "The most jobs that this instance runs at a time. 0, or APP_MODE=http: it runs none. Each job may need a"
                    + " database connection now and then.");

    public static final Setting<Duration> RETENTION = Setting.open(
            "JOB_RETENTION",
            WORK,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(3_650)),
            "7d",
            "The time for which jobs are kept after they were completed, failed or were cancelled. The same for all"
                    + " instances.");

    private JobSettings() {}
}
