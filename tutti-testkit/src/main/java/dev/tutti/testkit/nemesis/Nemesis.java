package dev.tutti.testkit.nemesis;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** Carries out a plan. Each act has a virtual thread of its own, as acts overlap. */
public final class Nemesis {
    /** How long after its time an act may end, before that counts as a failure: a rolling drain starts all instances. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    private final FaultTarget faultTarget;
    private final Consumer<String> narrator;
    private final Map<String, Integer> counts = new LinkedHashMap<>();
    private final List<Exception> failures = new ArrayList<>();

    /** One who works on {@code stage} and tells {@code narrator}, from any thread, one line about each act. */
    public Nemesis(FaultTarget faultTarget, Consumer<String> narrator) {
        this.faultTarget = faultTarget;
        this.narrator = narrator;
    }

    /**
     * Carries out the plan; everything has been put right when this returns.
     *
     * @throws IOException if an act failed
     */
    public void run(Plan plan) throws IOException, InterruptedException {
        long begin = System.nanoTime();
        List<Thread> acts = new ArrayList<>();
        for (Step step : plan.steps()) {
            pauseUntil(begin + step.at().toNanos());
            narrator.accept(step.toString());
            acts.add(Thread.ofVirtual().name("act").start(() -> perform(step)));
            throwFailures();
        }
        for (Thread act : acts) {
            if (!act.join(PATIENCE)) {
                throw new IOException("an act did not end");
            }
        }
        throwFailures();
    }

    /** How often each kind of act was begun. */
    public synchronized Map<String, Integer> counts() {
        return new LinkedHashMap<>(counts);
    }

    private void perform(Step step) {
        count(step.act());
        try {
            step.act().begin(faultTarget);
            try {
                Thread.sleep(step.lasts());
            } finally {
                step.act().end(faultTarget);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (IOException | RuntimeException failure) {
            failed(new IOException(step + " failed: " + failure.getMessage(), failure));
        }
    }

    private synchronized void count(Act act) {
        counts.merge(act.getClass().getSimpleName(), 1, Integer::sum);
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
