package dev.tutti.tck;

import java.util.Random;

/** The seed of a random run, named in every failure; {@code -Dtutti.seed=…} repeats it. */
record Seed(long value) {
    static Seed next() {
        Seed seed = new Seed(Long.getLong("tutti.seed", System.nanoTime()));
        System.out.println(seed);
        return seed;
    }

    /** The randomness of one of the run's threads. */
    Random random(int thread) {
        return new Random(value * 31 + thread);
    }

    @Override
    public String toString() {
        return "-Dtutti.seed=" + value;
    }
}
