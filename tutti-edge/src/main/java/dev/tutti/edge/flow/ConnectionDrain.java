package dev.tutti.edge.flow;

import dev.tutti.concurrent.Deadline;
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

    /** Runs all {@code tasks}, none of which blocks, within {@code spread}. Blocks; an interrupt makes it hurry. */
    public static void run(List<Runnable> tasks, Duration spread) {
        List<Runnable> order = new ArrayList<>(tasks);
        Collections.shuffle(order);
        Deadline end = Deadline.in(spread);
        int ran = 0;
        while (ran < order.size()) {
            double left = spread.isZero() ? 0 : (double) end.left().toNanos() / spread.toNanos();
            long due = (long) Math.ceil((1 - left) * order.size());
            while (ran < due) {
                order.get(ran++).run();
            }
            if (ran < order.size() && !pause()) {
                order.subList(ran, order.size()).forEach(Runnable::run);
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
