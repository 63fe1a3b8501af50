package dev.tutti.core.cache;

import dev.tutti.core.cache.CacheMessage.Scope;

/** What an invalidation is about: a key, a tag, or all of a cache. */
record Target(String cache, Scope scope, String name) {
    /** All of {@code cache}. */
    static Target all(String cache) {
        return new Target(cache, Scope.ALL, "");
    }
}
