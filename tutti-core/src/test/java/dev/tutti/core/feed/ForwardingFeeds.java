package dev.tutti.core.feed;

import dev.tutti.ListenerRegistration;
import dev.tutti.backend.Backend;
import dev.tutti.bus.Bus;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.health.Status;
import dev.tutti.member.MemberStore;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.stream.StreamStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Feeds of another backend. */
abstract class ForwardingFeeds implements Backend, FeedStore {
    final MemoryBackend backend;

    ForwardingFeeds(MemoryBackend backend) {
        this.backend = backend;
    }

    FeedStore store() {
        return backend.feeds().orElseThrow();
    }

    @Override
    public List<FeedState> newer(Map<FeedKey, Long> known) {
        return store().newer(known);
    }

    @Override
    public FeedUpdate put(FeedState state, String instance) {
        return store().put(state, instance);
    }

    @Override
    public ListenerRegistration listen(Listener listener) {
        return store().listen(listener);
    }

    @Override
    public String name() {
        return "forwarding";
    }

    @Override
    public Optional<StreamStore> streams() {
        return backend.streams();
    }

    @Override
    public Optional<MemberStore> members() {
        return backend.members();
    }

    @Override
    public Optional<Bus> bus() {
        return backend.bus();
    }

    @Override
    public Optional<FeedStore> feeds() {
        return Optional.of(this);
    }

    @Override
    public Status check() {
        return backend.check();
    }

    @Override
    public void close() {
        backend.close();
    }
}
