package dev.tutti.redis;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The settings for using Redis. Use the same at all instances.
 *
 * @param address the address of Redis ({@code REDIS_URL})
 * @param prefix the beginning of the names of channels and keys, at most 100 characters; systems that share a Redis need different prefixes
 * @param authority a file with the certificates (PEM) of the authorities that may have signed the certificate of Redis; if empty, those that
 *     Java trusts
 */
public record RedisSettings(RedisAddress address, String prefix, Optional<Path> authority) {
    private static final int MAX_PREFIX = 100;

    public RedisSettings {
        if (prefix.isEmpty() || prefix.length() > MAX_PREFIX || prefix.indexOf('{') >= 0) {
            throw new IllegalArgumentException("the prefix of the bus's channels is '" + prefix + "'; allowed are 1 to "
                    + MAX_PREFIX + " characters, none of them {, which means something to clusters");
        }
    }

    /** Settings with the prefix {@code tutti:}, and the authorities that Java trusts. */
    public static RedisSettings of(RedisAddress address) {
        return new RedisSettings(address, "tutti:", Optional.empty());
    }

    /** The same with another prefix. */
    public RedisSettings withPrefix(String other) {
        return new RedisSettings(address, other, authority);
    }

    /** The same with the authorities whose certificates are in {@code file}. */
    public RedisSettings withAuthority(Path file) {
        return new RedisSettings(address, prefix, Optional.of(file));
    }
}
