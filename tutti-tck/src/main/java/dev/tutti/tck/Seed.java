package dev.tutti.tck;

import java.util.Random;

/** The seed of a random run. Every failure has it in its message, and {@code -Dtutti.seed=…} repeats the run. */
record Seed(long value) {
    static Seed next() {
        Seed seed = new Seed(Long.getLong("tutti.seed", System.nanoTime()));
        System.out.println(seed);
        return seed;
    }

    /** The source of randomness of one thread of the run. */
    Random random(int thread) {
        return new Random(value * 31 + thread);
    }

    @Override
    public String toString() {
        return "-Dtutti.seed=" + value;
    }
}
