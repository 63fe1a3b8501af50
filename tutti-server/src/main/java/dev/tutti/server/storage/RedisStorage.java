package dev.tutti.server.storage;

import dev.tutti.TuttiException;
import dev.tutti.redis.RedisBackend;
import dev.tutti.redis.RedisSettings;
import dev.tutti.redis.RedisUse;
import dev.tutti.server.config.BusSettings;
import dev.tutti.server.config.CachingSettings;
import dev.tutti.server.config.Configuration;
import dev.tutti.server.config.RedisConnectionSettings;
import dev.tutti.server.config.SessionStoreSettings;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The uses of Redis by an instance, each a backend and a health check of its own; nothing that must not be lost is there. */
final class RedisStorage {
    private RedisStorage() {}

    /**
     * All that the configuration wants, as an instance takes them.
     *
     * @throws TuttiException if Redis refuses one of them; those before it are closed then
     */
    static List<RedisBackend> open(Configuration configuration) {
        List<RedisBackend> opened = new ArrayList<>();
        try {
            bus(configuration).ifPresent(opened::add);
            cache(configuration).ifPresent(opened::add);
            limits(configuration).ifPresent(opened::add);
            sessions(configuration).ifPresent(opened::add);
            return opened;
        } catch (RuntimeException | Error failure) {
            for (RedisBackend each : opened.reversed()) {
                close(each, failure);
            }
            throw failure;
        }
    }

    private static void close(RedisBackend backend, Throwable failure) {
        try {
            backend.close();
        } catch (TuttiException unclosed) {
            failure.addSuppressed(unclosed);
        }
    }

    /** The bus, not started; empty if the configuration wants the one on PostgreSQL. */
    static Optional<RedisBackend> bus(Configuration configuration) {
        return switch (configuration.value(BusSettings.BUS)) {
            case POSTGRES -> Optional.empty();
            case AUTO -> configuration.value(RedisConnectionSettings.URL).map(_ -> open(RedisUse.BUS, configuration));
            case REDIS -> Optional.of(open(RedisUse.BUS, configuration));
        };
    }

    /** The second level of the caches; empty if the configuration wants none. */
    static Optional<RedisBackend> cache(Configuration configuration) {
        return switch (CachingSettings.provider(configuration)) {
            case LOCAL -> Optional.empty();
            case REDIS -> Optional.of(open(RedisUse.CACHE, configuration));
        };
    }

    /** The attributes of sessions; empty if they are in PostgreSQL. */
    static Optional<RedisBackend> sessions(Configuration configuration) {
        return configuration.value(SessionStoreSettings.USE_REDIS)
                ? Optional.of(open(RedisUse.SESSIONS, configuration))
                : Optional.empty();
    }

    /** Where what is limited is counted; empty if nothing else is in Redis. */
    static Optional<RedisBackend> limits(Configuration configuration) {
        return RedisConnectionSettings.isUsed(configuration)
                ? Optional.of(open(RedisUse.LIMITS, configuration))
                : Optional.empty();
    }

    private static RedisBackend open(RedisUse use, Configuration configuration) {
        RedisSettings settings = RedisSettings.of(RedisConnectionSettings.address(configuration))
                .withPrefix(configuration.value(RedisConnectionSettings.PREFIX));
        Optional<Path> authority = configuration.value(RedisConnectionSettings.CA_FILE);
        return RedisBackend.open(authority.map(settings::withAuthority).orElse(settings), Set.of(use));
    }
}
