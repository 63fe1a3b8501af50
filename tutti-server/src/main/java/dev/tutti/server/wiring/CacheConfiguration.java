package dev.tutti.server.wiring;

import dev.tutti.cache.CacheSettings;
import dev.tutti.server.config.CachingSettings;
import dev.tutti.server.config.Configuration;
import java.time.Duration;

/** The configuration of caches, in the words of the API. */
final class CacheConfiguration {
    private CacheConfiguration() {}

    /** How caches are for which the application says nothing else. */
    static CacheSettings defaults(Configuration configuration) {
        return CacheSettings.DEFAULT
                .withTtl(Duration.ofMillis(configuration.value(CachingSettings.CACHE_TTL_MS)))
                .withMaxEntries(configuration.value(CachingSettings.CACHE_MAX_SIZE))
                .withMaxBytes(configuration.value(CachingSettings.CACHE_MAX_BYTES));
    }
}
