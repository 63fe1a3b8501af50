package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.CLUSTER;

import java.time.Duration;
import java.util.List;

/** The settings of how instances know of each other, and of who is there. */
public final class ClusterSettings {
    private static final int HEARTBEATS_OF_TIMEOUT = 3;

    public static final Setting<Duration> HEARTBEAT_INTERVAL = Setting.open(
            "TUTTI_HEARTBEAT_INTERVAL",
            CLUSTER,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(1)),
            "1s",
            "The interval at which an instance sends heartbeats, to the database and over the bus. The same for all"
                    + " instances.");

    public static final Setting<Duration> MEMBER_TIMEOUT = Setting.open(
            "TUTTI_MEMBER_TIMEOUT",
            CLUSTER,
            Type.duration(Duration.ofSeconds(1), Duration.ofMinutes(10)),
            "5s",
            "The time without a heartbeat after which an instance counts as dead. Only instances whose own heartbeats"
                    + " arrive decide this. At least three times TUTTI_HEARTBEAT_INTERVAL. The same for all"
                    + " instances.");

    public static final Setting<Duration> PRESENCE_GRACE = Setting.open(
            "TUTTI_PRESENCE_GRACE",
            CLUSTER,
            Type.duration(Duration.ZERO, Duration.ofMinutes(10)),
            "5s",
            "The time for which a person still counts as online after the connection broke. 0s: the person is offline"
                    + " at once.");

    private ClusterSettings() {}

    /** Contradictions between values that can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        if (!values.readable(HEARTBEAT_INTERVAL, MEMBER_TIMEOUT)) {
            return List.of();
        }
        Duration least = values.value(HEARTBEAT_INTERVAL).multipliedBy(HEARTBEATS_OF_TIMEOUT);
        return values.value(MEMBER_TIMEOUT).compareTo(least) < 0
                ? List.of(ConfigurationError.notAllowed(
                        values,
                        MEMBER_TIMEOUT,
                        "at least three times " + HEARTBEAT_INTERVAL.name() + ", which is "
                                + values.text(HEARTBEAT_INTERVAL)))
                : List.of();
    }
}
