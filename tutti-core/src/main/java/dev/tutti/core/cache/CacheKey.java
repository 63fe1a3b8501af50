package dev.tutti.core.cache;

/** A key of the cache with that name. */
record CacheKey(String cache, String key) {}
