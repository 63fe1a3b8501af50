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
            "The work of this instance. http: it answers clients, and runs no workers and no jobs. workers: it runs"
                    + " workers and jobs, and answers no clients; it has only health and metrics, on"
                    + " TUTTI_OPERATOR_PORT or else on PORT. all: both.");

    public static final Setting<List<String>> WORKER_TYPE = Setting.open(
            "WORKER_TYPE",
            WORK,
            Type.list(Type.text("a worker's type", "[^,\\s]{1,100}")),
            "",
            "The types of workers that this instance runs. Not set: all types.");

    public static final Setting<Optional<Integer>> WORKER_COUNT = Setting.open(
            "WORKER_COUNT",
            WORK,
            Type.optional(Type.whole(1, 100_000)),
            "",
            "The most workers that this instance runs at a time. Each shard counts as a worker. Not set: no limit.");

    public static final Setting<Duration> LEASE_TTL = Setting.open(
            "TUTTI_LEASE_TTL",
            WORK,
            Type.duration(Duration.ofSeconds(1), Duration.ofHours(1)),
            "5s",
            "The time after which a lease ends if it is not renewed. Other instances take over the work of a killed"
                    + " instance only after this time. The same for all instances.");

    public static final Setting<List<Path>> APPLICATION = Setting.open(
            "TUTTI_APPLICATION",
            WORK,
            Type.list(Type.existing("a jar, or a directory of classes, that exists")),
            "",
            "Your own code that runs in the server: its jar, and the jars that it needs. See docs/applications.md for"
                    + " an example. Not set: none.");

    public static final Setting<Optional<Integer>> PROCESSES = Setting.open(
            "TUTTI_PROCESSES",
            WORK,
            Type.optional(Type.whole(1, 64)),
            "",
            "The number of processes that ./tutti run starts. Several processes are a cluster behind one port, like"
                    + " that of ./tutti cluster. Not set: one process; with NODE_ENV=production one for each core, at"
                    + " most 8.");

    public static final Setting<String> NODE_ENV = Setting.open(
            "NODE_ENV",
            WORK,
            Type.text("anything", "(?s).*"),
            "",
            "production: ./tutti run starts a cluster, unless TUTTI_PROCESSES says otherwise. Other values have no"
                    + " effect.");

    private WorkSettings() {}
}
