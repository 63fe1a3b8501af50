package dev.tutti.faults.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Which instances are in trouble, and for how long the others have been in none. Safe for use by many threads. */
final class Troubles {
    private static final class Instance {
        private final Set<Object> going = new HashSet<>();
        private long last = System.nanoTime();
    }

    private final List<Instance> instances = new ArrayList<>();

    /** Of {@code instances} which are now let alone. */
    Troubles(int instances) {
        for (int i = 0; i < instances; i++) {
            this.instances.add(new Instance());
        }
    }

    /** From now on {@code instance} has the trouble {@code what}. */
    synchronized void begin(int instance, Object what) {
        instances.get(instance).going.add(what);
    }

    /** {@code instance} has the trouble {@code what}, if it had it, no longer. */
    synchronized void end(int instance, Object what) {
        instances.get(instance).going.remove(what);
        instances.get(instance).last = System.nanoTime();
    }

    /** {@code instance} was in trouble for a moment. */
    synchronized void strike(int instance) {
        instances.get(instance).last = System.nanoTime();
    }

    /** All were in trouble for a moment. */
    synchronized void strikeAll() {
        instances.forEach(instance -> instance.last = System.nanoTime());
    }

    /** Whether {@code instance} has had no trouble for {@code time}. */
    synchronized boolean none(int instance, Duration time) {
        Instance one = instances.get(instance);
        return one.going.isEmpty() && System.nanoTime() - one.last >= time.toNanos();
    }
}
