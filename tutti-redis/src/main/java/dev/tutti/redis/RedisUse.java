package dev.tutti.redis;

import java.util.Locale;

/**
 * A purpose for which an instance uses Redis, such as its caches. Each has connections of its own, so that large values keep no
 * message waiting.
 */
public enum RedisUse {
    /** Messages between the instances. Durable events that are lost with Redis are found in the database. */
    BUS("bus", "what other instances do is seen later until it is back"),

    /** The second level of the caches: Redis may throw away any value, and may be away. */
    CACHE("second level of the caches", "each instance caches on its own until it is back"),

    /** Rate limits, which begin anew when Redis comes back without its data; each instance enforces its share while it is away. */
    LIMITS("store of rate limits", "each instance enforces its share until it is back"),

    /** Attributes of sessions, which are unavailable while Redis is away, and lost when it comes back without its data. */
    SESSIONS("store of session attributes", "attributes are unavailable until it is back");

    private final String title;
    private final String loss;

    RedisUse(String title, String loss) {
        this.title = title;
        this.loss = loss;
    }

    /** The part that has the connections, in messages to operators. */
    String title() {
        return title;
    }

    /** The consequence of being without, in messages to operators. */
    String loss() {
        return loss;
    }

    /** Its part of names, such as {@code limits}. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
