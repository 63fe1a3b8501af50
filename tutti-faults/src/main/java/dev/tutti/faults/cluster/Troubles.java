package dev.tutti.faults.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A record of which instances are in trouble, and since when the others have not been. Safe for use by many threads. */
final class Troubles {
    private static final long GOING_ON = Long.MAX_VALUE;

    /** By instance: when each kind of trouble ended, on the clock of {@link System#nanoTime}. */
    private final List<Map<Trouble, Long>> ends = new ArrayList<>();

    /** Of {@code instances} which have all been in trouble until now. */
    Troubles(int instances) {
        for (int i = 0; i < instances; i++) {
            Map<Trouble, Long> own = new EnumMap<>(Trouble.class);
            for (Trouble trouble : Trouble.values()) {
                own.put(trouble, System.nanoTime());
            }
            ends.add(own);
        }
    }

    /** From now on {@code instance} is in {@code trouble}. */
    synchronized void begin(int instance, Trouble trouble) {
        ends.get(instance).put(trouble, GOING_ON);
    }

    /** From now on {@code instance} is not in {@code trouble} any more. */
    synchronized void end(int instance, Trouble trouble) {
        ends.get(instance).put(trouble, System.nanoTime());
    }

    /** From now on all are in {@code trouble}. */
    synchronized void beginAll(Trouble trouble) {
        ends.forEach(own -> own.put(trouble, GOING_ON));
    }

    /** From now on none is in {@code trouble} any more. */
    synchronized void endAll(Trouble trouble) {
        ends.forEach(own -> own.put(trouble, System.nanoTime()));
    }

    /** The instance was in {@code trouble} for this moment, and still is if that had begun before. */
    synchronized void moment(int instance, Trouble trouble) {
        ends.get(instance).computeIfPresent(trouble, (_, end) -> end == GOING_ON ? end : System.nanoTime());
    }

    /** As {@link #moment}, of all. */
    synchronized void momentOfAll(Trouble trouble) {
        for (int i = 0; i < ends.size(); i++) {
            moment(i, trouble);
        }
    }

    /** Whether {@code instance} has been in none of {@code kinds} for {@code time}. */
    synchronized boolean none(int instance, Duration time, Set<Trouble> kinds) {
        return kinds.stream()
                .map(kind -> ends.get(instance).getOrDefault(kind, GOING_ON))
                .noneMatch(end -> end == GOING_ON || System.nanoTime() - end < time.toNanos());
    }
}
