package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.Slice;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of a coordinator: who loads which key, until when, and who waits for the value. An asker joins a load that began with the
 * knowledge of every invalidation that the asker knows of, and is to load itself otherwise. A loader that leaves, or is late, is
 * replaced by the next who waits. Pure; its owner guards it, and sends its answers.
 */
final class LoadCoordinator {
    /** How many loads may be under way; an asker beyond that loads on its own. */
    static final int MAX_LOADS = 10_000;

    /** How many may wait for one load. */
    static final int MAX_WAITING = 1_000;

    /** One request of an instance. */
    record Asker(NodeTag node, long request) {}

    /** An answer to an asker. */
    sealed interface Answer {
        Asker to();
    }

    /** It is to load, and to report what comes of it as {@code load}. */
    record Granted(Asker to, long load) implements Answer {}

    /** Somebody loads; it will be told more. */
    record Waiting(Asker to) implements Answer {}

    /** A value that somebody else has loaded. */
    record Handed(Asker to, Slice value) implements Answer {}

    /** It is to load, and nobody waits for it. */
    record LoadYourself(Asker to) implements Answer {}

    private record Waiter(Asker asker, long until) {}

    private static final class Load {
        final long number;
        final CacheKey key;
        final VersionVector version;
        final long patience;
        final Deque<Waiter> waiting = new ArrayDeque<>();
        Asker loader;
        long until;

        Load(long number, CacheKey key, VersionVector version, Asker loader, long patience, long now) {
            this.number = number;
            this.key = key;
            this.version = version;
            this.patience = patience;
            this.loader = loader;
            this.until = now + patience;
        }

        /** For how long its loader has been at it. Nobody remembers invalidations that are much older than their time to wait. */
        long age(long now) {
            return now - (until - patience);
        }
    }

    private final Map<Long, Load> loads = new HashMap<>();
    private final Map<CacheKey, Load> current = new HashMap<>(); // those that can be joined
    private long number;

    /**
     * Somebody has missed {@code key}.
     *
     * @param version the invalidations that asker and coordinator know of
     * @param timeout how long the asker waits; a loader is replaced after half of it
     */
    List<Answer> ask(Asker asker, CacheKey key, VersionVector version, long timeout, long now) {
        @Nullable Load there = current.get(key);
        if (there != null && there.version.covers(version) && there.age(now) <= timeout) {
            if (there.waiting.size() >= MAX_WAITING) {
                return List.of(new LoadYourself(asker));
            }
            there.waiting.add(new Waiter(asker, now + timeout));
            return List.of(new Waiting(asker));
        }
        if (loads.size() >= MAX_LOADS) {
            return List.of(new LoadYourself(asker));
        }
        number++;
        VersionVector known = there == null ? version : version.with(there.version);
        Load load = new Load(number, key, known, asker, timeout / 2, now);
        loads.put(load.number, load);
        current.put(key, load); // who waits for the one before asked before, and gets what comes of that
        return List.of(new Granted(asker, load.number));
    }

    /** {@code from} has loaded; without a value, as that failed or is too large, each of the others loads on its own. */
    List<Answer> reported(NodeTag from, long load, Optional<Slice> value) {
        @Nullable Load done = loads.get(load);
        if (done == null || !done.loader.node().equals(from)) {
            return List.of(); // it was late, and has been replaced
        }
        remove(done);
        return done.waiting.stream()
                .map(Waiter::asker)
                .map(asker ->
                        value.<Answer>map(loaded -> new Handed(asker, loaded)).orElseGet(() -> new LoadYourself(asker)))
                .toList();
    }

    /** {@code from} does not load what it was to. */
    List<Answer> declined(NodeTag from, long load, long now) {
        @Nullable Load open = loads.get(load);
        return open == null || !open.loader.node().equals(from) ? List.of() : replace(List.of(open), now);
    }

    /** {@code gone} neither loads nor waits any more. */
    List<Answer> left(NodeTag gone, long now) {
        loads.values()
                .forEach(load ->
                        load.waiting.removeIf(waiter -> waiter.asker().node().equals(gone)));
        return replace(loads(load -> load.loader.node().equals(gone)), now);
    }

    /** Time has passed. */
    List<Answer> pass(long now) {
        return replace(loads(load -> load.until - now <= 0), now);
    }

    /** Invalidations from before {@code age} ago may have been lost: no load that was under way then is joined any more. */
    void fence(long age, long now) {
        current.values().removeIf(load -> load.age(now) >= age);
    }

    /**
     * The values that {@code what} is about may have changed, and the coordinator does not remember it: no load of them that is under
     * way is joined any more.
     */
    void invalidated(InvalidationTarget what) {
        switch (what.scope()) {
            case KEY -> current.remove(new CacheKey(what.cache(), what.name()));
            case TAG, ALL -> current.keySet().removeIf(key -> key.cache().equals(what.cache()));
        }
    }

    /** How many wait, those that load not included. */
    int waiting() {
        return loads.values().stream().mapToInt(load -> load.waiting.size()).sum();
    }

    private List<Load> loads(Predicate<Load> which) {
        return loads.values().stream().filter(which).toList();
    }

    private List<Answer> replace(List<Load> some, long now) {
        List<Answer> answers = new ArrayList<>();
        for (Load load : some) {
            load.waiting.removeIf(waiter -> waiter.until() - now <= 0); // who has given up
            @Nullable Waiter next = load.waiting.poll();
            if (next == null) {
                remove(load);
            } else {
                load.loader = next.asker();
                load.until = now + load.patience;
                answers.add(new Granted(load.loader, load.number));
            }
        }
        return answers;
    }

    private void remove(Load load) {
        loads.remove(load.number);
        current.remove(load.key, load);
    }
}
