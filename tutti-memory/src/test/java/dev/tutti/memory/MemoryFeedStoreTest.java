package dev.tutti.memory;

import dev.tutti.feed.FeedStore;
import dev.tutti.tck.FeedStoreContract;

class MemoryFeedStoreTest implements FeedStoreContract {
    private final MemoryFeedStore store = new MemoryFeedStore();

    @Override
    public FeedStore feeds() {
        return store;
    }
}
