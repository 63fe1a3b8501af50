package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.WORK;

import dev.tutti.member.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The settings of what an instance does beside answering clients. */
public final class WorkSettings {
    public static final Setting<Role> APP_MODE = Setting.open(
            "APP_MODE",
            WORK,
            Type.oneOf(Role.class),
            "all",
            "The work of this instance: http answers clients and runs no workers; workers runs them and answers no clients, only"
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
            "How long a lease lasts that nobody renews. For that long nobody takes over from a killed instance. The same for all"
                    + " instances.");

    public static final Setting<List<Path>> APPLICATION = Setting.open(
            "TUTTI_APPLICATION",
            WORK,
            Type.list(Type.existing("a jar, or a directory of classes, that exists")),
            "",
            "Code of one's own that runs in the server: its jar and those that it needs. docs/applications.md shows one.");

    public static final Setting<Optional<Integer>> PROCESSES = Setting.open(
            "TUTTI_PROCESSES",
            WORK,
            Type.optional(Type.whole(1, 64)),
            "",
            "How many processes ./tutti run consists of; more than one are a cluster behind one port, as ./tutti cluster starts it."
                    + " Unless set: one; with NODE_ENV = production one for each core, at most 8.");

    public static final Setting<String> NODE_ENV = Setting.open(
            "NODE_ENV",
            WORK,
            Type.text("anything", "(?s).*"),
            "",
            "production makes ./tutti run a cluster unless TUTTI_PROCESSES says otherwise. Other words mean nothing.");

    private WorkSettings() {}
}
