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
            "How many jobs this instance runs at a time; 0 for none. With APP_MODE = http it runs none. Each may need a connection"
                    + " to the database now and then.");

    public static final Setting<Duration> RETENTION = Setting.open(
            "JOB_RETENTION",
            WORK,
            Type.duration(Duration.ofMinutes(1), Duration.ofDays(3_650)),
            "7d",
            "How long jobs that were completed, have failed or were cancelled are kept. The same for all instances.");

    private JobSettings() {}
}
