package dev.tutti.server.config;

import static dev.tutti.server.config.Setting.Section.WORK;

import java.time.Duration;

/** The settings of webhooks. */
public final class WebhookSettings {
    public static final Setting<Duration> TIMEOUT = Setting.open(
            "TUTTI_WEBHOOK_TIMEOUT",
            WORK,
            Type.duration(Duration.ofMillis(100), Duration.ofMinutes(2)),
            "10s",
            "How long the receiver of a webhook may take to answer a message.");

    public static final Setting<Duration> LONGEST_PAUSE = Setting.open(
            "TUTTI_WEBHOOK_LONGEST_PAUSE",
            WORK,
            Type.duration(Duration.ofMillis(100), Duration.ofHours(12)),
            "5m",
            "After how long at most a message that was not accepted is sent again. The pauses begin with a second and double.");

    public static final Setting<Duration> DISABLE_AFTER = Setting.open(
            "TUTTI_WEBHOOK_DISABLE_AFTER",
            WORK,
            Type.duration(Duration.ofMillis(100), Duration.ofDays(365)),
            "3d",
            "How long a webhook may fail, without one message accepted, before it is disabled. Messages that come then wait until"
                    + " it is resumed.");

    public static final Setting<Boolean> PRIVATE_NETWORKS = Setting.open(
            "TUTTI_WEBHOOK_PRIVATE_NETWORKS",
            WORK,
            Type.bool(),
            "false",
            "Whether receivers of webhooks may be in private networks and on this machine, and be spoken to over plain http. Otherwise"
                    + " they have a public address, and https.");

    private WebhookSettings() {}
}
