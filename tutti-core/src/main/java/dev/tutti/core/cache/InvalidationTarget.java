package dev.tutti.core.cache;

import dev.tutti.core.cache.CacheMessage.Scope;

/** The target of an invalidation: a key, a tag, or all of a cache. */
record InvalidationTarget(String cache, Scope scope, String name) {
    /** All of {@code cache}. */
    static InvalidationTarget all(String cache) {
        return new InvalidationTarget(cache, Scope.ALL, "");
    }
}
