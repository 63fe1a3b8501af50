package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.Slice;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * This instance as the coordinator of keys: takes the steps of a {@link LoadCoordinator}, and tells those whom they concern. Safe for
 * use by many threads.
 */
final class LocalCoordinator {
    private static final long LONGEST_WAIT = Duration.ofMinutes(10).toNanos();

    private final NodeTag self;
    private final BiConsumer<NodeTag, CacheMessage> tell;
    private final LongSupplier ticker;
    private final LoadCoordinator coordinator = new LoadCoordinator(); // guarded by itself

    /** One that is called {@code self}; {@code tell} brings a message to somebody. */
    LocalCoordinator(NodeTag self, BiConsumer<NodeTag, CacheMessage> tell, LongSupplier ticker) {
        this.self = self;
        this.tell = tell;
        this.ticker = ticker;
    }

    /** Somebody asks who knows, together with this instance, of the invalidations {@code version}. */
    void asked(CacheMessage.Ask ask, VersionVector version) {
        LoadCoordinator.Asker asker = new LoadCoordinator.Asker(ask.from(), ask.request());
        long timeout = Math.min(ask.timeout(), LONGEST_WAIT);
        step(() -> coordinator.ask(asker, ask.key(), version, timeout, ticker.getAsLong()));
    }

    /** {@code from} says what came of a load. */
    void reported(NodeTag from, long load, Optional<Slice> value) {
        step(() -> coordinator.reported(from, load, value));
    }

    /** {@code from} does not load what it was to. */
    void declined(NodeTag from, long load) {
        step(() -> coordinator.declined(from, load, ticker.getAsLong()));
    }

    /** {@code gone} neither loads nor waits any more. */
    void left(NodeTag gone) {
        step(() -> coordinator.left(gone, ticker.getAsLong()));
    }

    /** Time has passed. */
    void pass() {
        step(() -> coordinator.pass(ticker.getAsLong()));
    }

    /** Invalidations from before {@code age} ago may have been lost. */
    void fence(Duration age) {
        synchronized (coordinator) {
            coordinator.fence(age.toNanos(), ticker.getAsLong());
        }
    }

    /** Values of a cache that this instance has not declared may have changed; nothing but this remembers it here. */
    void invalidated(CacheMessage.Invalidated what) {
        InvalidationTarget target = new InvalidationTarget(what.cache(), what.scope(), what.name());
        synchronized (coordinator) {
            coordinator.invalidated(target);
        }
    }

    /** How many requests wait here for what somebody else loads. */
    int waiting() {
        synchronized (coordinator) {
            return coordinator.waiting();
        }
    }

    private void step(Supplier<List<LoadCoordinator.Answer>> step) {
        List<LoadCoordinator.Answer> answers;
        synchronized (coordinator) {
            answers = step.get();
        }
        answers.forEach(answer -> tell.accept(answer.to().node(), message(answer)));
    }

    private CacheMessage message(LoadCoordinator.Answer answer) {
        long request = answer.to().request();
        return switch (answer) {
            case LoadCoordinator.Granted granted -> new CacheMessage.Granted(self, request, granted.load());
            case LoadCoordinator.Waiting _ -> new CacheMessage.Waiting(self, request);
            case LoadCoordinator.Handed handed -> new CacheMessage.Handed(self, request, handed.value());
            case LoadCoordinator.LoadYourself _ -> new CacheMessage.LoadYourself(self, request);
        };
    }
}
