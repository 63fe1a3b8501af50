package dev.tutti.memory;

import dev.tutti.cache.CacheStore;
import dev.tutti.tck.CacheStoreContract;
import java.time.Clock;

class MemoryCacheStoreTest implements CacheStoreContract {
    private final MemoryCacheStore store = new MemoryCacheStore(Clock.systemUTC());

    @Override
    public CacheStore store() {
        return store;
    }
}
