package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.WORK;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of what an instance does beside answering clients. */
public final class WorkSettings {
    /** What an instance does. */
    public enum AppMode {
        /** It answers clients. */
        HTTP,
        /** It runs workers. */
        WORKERS,
        /** Both. */
        ALL
    }

    public static final Setting<AppMode> APP_MODE = Setting.open(
            "APP_MODE",
            WORK,
            Type.oneOf(AppMode.class),
            "all",
            "What this instance does: http answers clients and runs no workers; workers runs them and answers no clients, only"
                    + " health and metrics, on TUTTI_OPERATOR_PORT or else PORT; all does both.");

    public static final Setting<List<String>> WORKER_TYPE = Setting.open(
            "WORKER_TYPE",
            WORK,
            Type.list(Type.text("a worker's type", "[^,\\s]{1,100}")),
            "",
            "The types of workers that this instance runs; all of them unless set.");

    public static final Setting<Optional<Integer>> WORKER_COUNT = Setting.open(
            "WORKER_COUNT",
            WORK,
            Type.optional(Type.whole(1, 100_000)),
            "",
            "How many workers, shards included, this instance runs at a time; as many as there are for it unless set.");

    public static final Setting<Duration> LEASE_TTL = Setting.open(
            "TUTTI_LEASE_TTL",
            WORK,
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "5s",
            "How long a lease lasts that nobody renews. So long nobody does what an instance did that was killed. The same for"
                    + " all instances.");

    private WorkSettings() {}
}
