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
            "The time within which the receiver of a webhook must answer a message.");

    public static final Setting<Duration> LONGEST_PAUSE = Setting.open(
            "TUTTI_WEBHOOK_LONGEST_PAUSE",
            WORK,
            Type.duration(Duration.ofMillis(100), Duration.ofHours(12)),
            "5m",
            "The longest pause before a message that was not accepted is sent again. Pauses begin with at most one second"
                    + " and double up to this value; each is shortened at random by up to a half.");

    public static final Setting<Duration> DISABLE_AFTER = Setting.open(
            "TUTTI_WEBHOOK_DISABLE_AFTER",
            WORK,
            Type.duration(Duration.ofMillis(100), Duration.ofDays(365)),
            "3d",
            "The time after which a webhook is disabled if it fails and none of its messages is accepted. Later"
                    + " messages wait until the webhook is resumed.");

    public static final Setting<Boolean> PRIVATE_NETWORKS = Setting.open(
            "TUTTI_WEBHOOK_PRIVATE_NETWORKS",
            WORK,
            Type.bool(),
            "false",
            "true: receivers of webhooks may be in private networks and on this machine, and may use http. false:"
                    + " receivers must have a public address and use https.");

    private WebhookSettings() {}
}
