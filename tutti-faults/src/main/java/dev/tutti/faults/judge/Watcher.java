package dev.tutti.faults.judge;

import dev.tutti.testkit.history.Fault;
import dev.tutti.testkit.history.Finding;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** The common part of the judges: virtual threads that end with them, and findings. Safe for use by many threads. */
abstract class Watcher implements Judge {
    private static final int KEPT = 100;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LOOK = Duration.ofMillis(100);

    /** The work of a thread until it is interrupted. */
    interface Work {
        void run() throws InterruptedException;
    }

    private final List<Thread> threads = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger judged = new AtomicInteger();

    /** Does {@code work} on a thread of its own. */
    final synchronized void start(String name, Work work) {
        threads.add(Thread.ofVirtual().name(name).start(() -> {
            try {
                work.run();
            } catch (InterruptedException over) {
                Thread.currentThread().interrupt();
            } catch (RuntimeException defect) {
                found(Fault.UNEXPLAINED, name, "the bench itself failed: " + defect);
            }
        }));
    }

    /** One more case was judged. */
    final void judged() {
        judged.incrementAndGet();
    }

    /** How many cases were judged. */
    final int count() {
        return judged.get();
    }

    final synchronized void found(Fault fault, String where, String what) {
        if (findings.size() < KEPT) {
            findings.add(new Finding(fault, where, what));
        }
    }

    @Override
    public final synchronized List<Finding> soFar() {
        return List.copyOf(findings);
    }

    /** Whether {@code condition} comes true within {@code time}; it is looked at ten times a second. */
    static boolean comesTrue(BooleanSupplier condition, Duration time) {
        long end = System.nanoTime() + time.toNanos();
        try {
            while (!condition.getAsBoolean()) {
                if (System.nanoTime() > end) {
                    return false;
                }
                Thread.sleep(LOOK);
            }
            return true;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Ends what is not a thread. */
    void release() {}

    @Override
    public final void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        List<Thread> all;
        synchronized (this) {
            all = List.copyOf(threads);
        }
        all.forEach(Thread::interrupt);
        try {
            for (Thread thread : all) {
                thread.join(PATIENCE);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        release();
    }
}
