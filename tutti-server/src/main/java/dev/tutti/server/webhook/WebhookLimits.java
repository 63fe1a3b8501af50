package dev.tutti.server.webhook;

import java.time.Duration;

/**
 * The limits of deliveries: how long, how often.
 *
 * @param timeout for one message
 * @param longestPause between two attempts of one stream
 * @param disableAfter for how long a webhook may fail before it is disabled
 */
public record WebhookLimits(Duration timeout, Duration longestPause, Duration disableAfter) {
    /** How many messages an instance has under way at most, to all receivers together. */
    public static final int MAX_UNDER_WAY = 64;
}
