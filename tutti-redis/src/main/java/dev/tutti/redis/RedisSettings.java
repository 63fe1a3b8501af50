package dev.tutti.redis;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings of the use of Redis; the same for all instances.
 *
 * @param address where Redis is ({@code REDIS_URL})
 * @param prefix what the names of channels and keys begin with, at most 100 characters: systems that share a Redis have
 *     different ones
 * @param authority the certificates (PEM) that Redis's must be signed with; those that Java trusts if empty
 */
public record RedisSettings(RedisAddress address, String prefix, Optional<Path> authority) {
    private static final int MAX_PREFIX = 100;

    public RedisSettings {
        if (prefix.isEmpty() || prefix.length() > MAX_PREFIX || prefix.indexOf('{') >= 0) {
            throw new IllegalArgumentException("the prefix of the bus's channels is '" + prefix + "'; allowed are 1 to "
                    + MAX_PREFIX + " characters, none of them {, which means something to clusters");
        }
    }

    /** With the prefix {@code tutti:}, and the certificates that Java trusts. */
    public static RedisSettings of(RedisAddress address) {
        return new RedisSettings(address, "tutti:", Optional.empty());
    }

    /** The same with other channel names. */
    public RedisSettings withPrefix(String other) {
        return new RedisSettings(address, other, authority);
    }

    /** The same for a Redis whose certificate is signed with one of those in {@code file}. */
    public RedisSettings withAuthority(Path file) {
        return new RedisSettings(address, prefix, Optional.of(file));
    }
}
