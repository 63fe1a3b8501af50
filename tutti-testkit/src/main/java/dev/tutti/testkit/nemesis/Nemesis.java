package dev.tutti.testkit.nemesis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Carries out a {@link Plan}. Each disruption runs on its own virtual thread, because disruptions overlap. For one thread, except {@link
 * #counts}.
 */
public final class Nemesis {
    /** The time that the disruptions may take after the last step. It is long, because a rolling drain restarts all instances. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final FaultTarget faultTarget;
    private final Consumer<String> lines;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<Exception> failures = new ArrayList<>();

    /** A nemesis of {@code faultTarget}. {@code lines} gets a line for people at the beginning of each disruption. */
    public Nemesis(FaultTarget faultTarget, Consumer<String> lines) {
        this.faultTarget = faultTarget;
        this.lines = lines;
    }

    /**
     * Carries out {@code plan}. Blocks until all disruptions have ended and were repaired.
     *
     * @throws IOException if a disruption failed, or did not end in time
     */
    public void run(Plan plan) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<Thread> disruptions = new ArrayList<>();
        for (Step step : plan.steps()) {
            pauseUntil(begin + step.at().toNanos());
            lines.accept(step.toString());
            disruptions.add(Thread.ofVirtual().name("disruption").start(() -> perform(step)));
            throwFailures();
        }
        for (Thread disruption : disruptions) {
            if (!disruption.join(PATIENCE)) {
                throw new IOException("a disruption did not end");
            }
        }
        throwFailures();
    }

    /** The number of disruptions that were begun, by the name of their kind. Safe for use by many threads. */
    public synchronized Map<String, Integer> counts() {
        return new LinkedHashMap<>(counts);
    }

    private void perform(Step step) {
        count(step.disruption());
        try {
            step.disruption().begin(faultTarget);
            try {
                Thread.sleep(step.lasts());
            } finally {
                step.disruption().end(faultTarget);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failure) {
            failed(new IOException(step + " failed: " + failure.getMessage(), failure));
        }
    }

    private synchronized void count(Disruption disruption) {
        counts.merge(disruption.getClass().getSimpleName(), 1, Integer::sum);
    }

    private synchronized void failed(Exception failure) {
        failures.add(failure);
    }

    private synchronized void throwFailures() throws IOException {
        if (!failures.isEmpty()) {
            IOException all = new IOException(failures.getFirst().getMessage(), failures.getFirst());
            failures.stream().skip(1).forEach(all::addSuppressed);
            throw all;
        }
    }

    private static void pauseUntil(long nanos) throws InterruptedException {
        Thread.sleep(Duration.ofNanos(Math.max(0, nanos - System.nanoTime())));
    }
}
