package dev.tutti.edge.flow;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Sends connections elsewhere, spread evenly over a time and in random order, so that those who take them over are not
 * overrun.
 */
public final class ConnectionDrain {
    private static final Duration STEP = Duration.ofMillis(20);

    private ConnectionDrain() {}

    /**
     * How long {@code connections} should take, when each of {@code others} takes over {@code rate} a second; no time at all
     * if there are no others, who would profit from it, and at most {@code bound}.
     */
    public static Duration spread(int connections, int others, int rate, Duration bound) {
        if (others == 0) {
            return Duration.ZERO;
        }
        Duration paced = Duration.ofSeconds(1).multipliedBy(connections).dividedBy((long) others * rate);
        return paced.compareTo(bound) < 0 ? paced : bound;
    }

    /** Says all {@code farewells}, none of which blocks, within {@code spread}. Blocks; an interrupt makes it hurry. */
    public static void say(List<Runnable> farewells, Duration spread) {
        List<Runnable> order = new ArrayList<>(farewells);
        Collections.shuffle(order);
        long began = System.nanoTime();
        int said = 0;
        while (said < order.size()) {
            double passed = spread.isZero() ? 1 : (double) (System.nanoTime() - began) / spread.toNanos();
            long due = Math.min(order.size(), (long) Math.ceil(passed * order.size()));
            while (said < due) {
                order.get(said++).run();
            }
            if (said < order.size() && !pause()) {
                order.subList(said, order.size()).forEach(Runnable::run);
                return;
            }
        }
    }

    private static boolean pause() {
        try {
            boolean never = new CountDownLatch(1).await(STEP.toMillis(), TimeUnit.MILLISECONDS);
            return !never;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
