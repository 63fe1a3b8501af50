package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.CLUSTER;
import static dev.tutti.server.config.Setting.Section.RETENTION;
import static dev.tutti.server.config.Setting.Section.WORK;

import dev.tutti.stream.RetentionPolicy;
import java.time.Duration;
import java.util.List;

/** The settings of streams and feeds: where they are kept and for how long, and how soon their events come. */
public final class EventSettings {
    public static final Setting<List<String>> FEED_VOLATILE = Setting.open(
            "TUTTI_FEED_VOLATILE",
            WORK,
            Type.list(Type.text("a kind of feeds", "[a-z][a-z0-9-]{0,31}")),
            "",
            "The kinds of feeds that are kept in the memory of the instances only; all others are in the database. The same for all"
                    + " instances.");

    public static final Setting<Duration> SWEEP_INTERVAL = Setting.open(
            "TUTTI_SWEEP_INTERVAL",
            CLUSTER,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            "1s",
            "How often an instance asks the database for events that the bus has not told it of: how late events may come"
                    + " while the bus is away.");

    public static final Setting<RetentionPolicy> STREAM_RETENTION = Setting.open(
            "TUTTI_RETENTION",
            RETENTION,
            RetentionType.RETENTION,
            "conversation=3650d,user=90d,audit=400d,*=30d",
            "How long events are kept per kind of stream (what stands before the colon of its name), and how many of"
                    + " each stream; what goes first ends it. Chat history is kind conversation, the audit is kind"
                    + " audit. The same for all instances; each deletes only events of the kinds that its own names,"
                    + " and by * those of kinds that no instance has ever named.");

    public static final Setting<Duration> RETENTION_INTERVAL = Setting.open(
            "TUTTI_RETENTION_INTERVAL",
            RETENTION,
            Type.duration(Duration.ofSeconds(10), Duration.ofHours(1)),
            "10m",
            "How often an instance drops the events that are past TUTTI_RETENTION, makes room for those to come, and looks"
                    + " whether the database was restored from a dump meanwhile.");

    private EventSettings() {}
}
