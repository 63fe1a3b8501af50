package dev.tutti.tck;

import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * A run of six threads that append, and of an observer. The threads append until the observer has reported enough observations, or for a
 * bounded number of rounds.
 */
final class ObservedAppends {
    private static final int APPENDERS = 6;
    private static final int LEAST_ROUNDS = 60;
    private static final int MOST_ROUNDS = 5_000;
    private static final int OBSERVATIONS = 20;

    private final AtomicInteger observations = new AtomicInteger();
    private volatile boolean over;

    /** For the observer: whether the threads still append. */
    boolean goesOn() {
        return !over;
    }

    /** For the observer: counts an observation. */
    void observed() {
        observations.incrementAndGet();
    }

    void appendUntilObserved(Seed seed, Consumer<Random> append) {
        try (TestThreads appenders = new TestThreads()) {
            for (int member = 0; member < APPENDERS; member++) {
                Random random = seed.random(member);
                appenders.add(() -> {
                    for (int round = 0; round < LEAST_ROUNDS || isUnobserved(round); round++) {
                        append.accept(random);
                    }
                });
            }
        } finally {
            over = true;
        }
    }

    private boolean isUnobserved(int round) {
        return observations.get() < OBSERVATIONS && round < MOST_ROUNDS;
    }
}
