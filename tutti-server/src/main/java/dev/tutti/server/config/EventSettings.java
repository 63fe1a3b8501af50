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
            "The kinds of feeds that are kept only in the memory of the instances. All other feeds are in the database."
                    + " The same for all instances. Not set: all feeds are in the database.");

    public static final Setting<Duration> SWEEP_INTERVAL = Setting.open(
            "TUTTI_SWEEP_INTERVAL",
            CLUSTER,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            "1s",
            "The interval at which an instance asks the database for events of which it did not hear on the bus. While"
                    + " the bus is unavailable, events may be late by this time.");

    public static final Setting<RetentionPolicy> STREAM_RETENTION = Setting.open(
            "TUTTI_RETENTION",
            RETENTION,
            RetentionType.RETENTION,
            "conversation=3650d,user=90d,audit=400d,*=30d",
            "The age, and the number in each stream, up to which events are kept, for each kind of stream. The kind is"
                    + " the part of a stream's name before the colon. An event is deleted when it exceeds one of the"
                    + " two. The chat history has the kind conversation, the audit has the kind audit. The same for all"
                    + " instances. An instance deletes only events of the kinds that its own setting names, and by *"
                    + " those of kinds that no instance has ever named.");

    public static final Setting<Duration> RETENTION_INTERVAL = Setting.open(
            "TUTTI_RETENTION_INTERVAL",
            RETENTION,
            Type.duration(Duration.ofSeconds(10), Duration.ofHours(1)),
            "10m",
            "The interval at which an instance deletes events that exceed TUTTI_RETENTION, makes room for new ones, and"
                    + " checks whether the database was restored from a dump.");

    private EventSettings() {}
}
