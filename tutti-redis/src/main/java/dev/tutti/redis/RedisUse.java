package dev.tutti.redis;

import java.util.Locale;

/**
 * A purpose for which an instance uses Redis, such as its caches. Each use has its own connections, so large values do not delay
 * messages.
 */
public enum RedisUse {
    /** Messages between the instances. If messages about durable events are lost with Redis, the events are found in the database. */
    BUS("bus", "what other instances do is seen later until it is back"),

    /** The second level of the caches. Redis may evict any value, and may be unavailable. */
    CACHE("second level of the caches", "each instance caches on its own until it is back"),

    /** Rate limits. They begin anew if Redis comes back without its data. While it is unavailable, each instance enforces its share. */
    LIMITS("store of rate limits", "each instance enforces its share until it is back"),

    /** Attributes of sessions. They are unavailable while Redis is, and are lost if it comes back without its data. */
    SESSIONS("store of session attributes", "attributes are unavailable until it is back");

    private final String title;
    private final String loss;

    RedisUse(String title, String loss) {
        this.title = title;
        this.loss = loss;
    }

    /** The name of the part that uses the connections, for messages to operators. */
    String title() {
        return title;
    }

    /** The consequence of an outage, for messages to operators. */
    String loss() {
        return loss;
    }

    /** The word for this use in names, such as {@code limits}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
