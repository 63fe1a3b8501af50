package dev.tutti.redis;

import dev.tutti.backend.Backend;
import dev.tutti.health.Status;

/** What Redis keeps of one kind. Safe for use by many threads. */
abstract class RedisStoreBackend<S extends RedisStore> implements Backend {
    private final String name;
    private final S store;

    RedisStoreBackend(String name, S store) {
        this.name = name;
        this.store = store;
    }

    /** Where it is kept. */
    final S store() {
        return store;
    }

    @Override
    public final String name() {
        return name;
    }

    /** Whether Redis answers within a second. */
    @Override
    public final Status check() {
        return store.answers() ? Status.HEALTHY : Status.UNAVAILABLE;
    }

    @Override
    public final void close() {
        store.close();
    }
}
