package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.DATABASE;
import static dev.tutti.server.config.Setting.Section.REDIS;

import java.util.List;

/** The settings of the bus. */
public final class BusSettings {
    /** The medium through which instances tell each other what is new. */
    public enum BusKind {
        AUTO,
        POSTGRES,
        REDIS
    }

    public static final Setting<BusKind> BUS = Setting.open(
            "TUTTI_BUS",
            REDIS,
            Type.oneOf(BusKind.class),
            "auto",
            "The medium of the messages between instances. auto: Redis if REDIS_URL is set, otherwise PostgreSQL. The"
                    + " same for all instances.");

    public static final Setting<String> BUS_CHANNEL = Setting.open(
            "BUS_CHANNEL",
            DATABASE,
            Type.text("1 to 40 of a-z 0-9 _, of which the first is not a digit", "[a-z_][a-z0-9_]{0,39}"),
            "app_events",
            "The prefix of the names of the notification channels over which instances send messages to each other. The"
                    + " same for all instances. Use another prefix for another cluster in the same database.");

    private BusSettings() {}

    /** The settings that are missing, if those that decide it can be read. */
    static List<ConfigurationError> mistakes(SettingValues values) {
        boolean missing = values.readable(BUS, RedisConnectionSettings.URL)
                && values.value(BUS) == BusKind.REDIS
                && values.value(RedisConnectionSettings.URL).isEmpty()
                && values.text(RedisConnectionSettings.HOST).isEmpty();
        return missing
                ? List.of(new ConfigurationError(
                        RedisConnectionSettings.URL.name(),
                        "is required with TUTTI_BUS=redis; set it to "
                                + RedisConnectionSettings.URL.type().allowed()))
                : List.of();
    }
}
