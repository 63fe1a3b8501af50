package dev.tutti.bench.job;

import dev.tutti.bench.measure.BenchException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import org.HdrHistogram.Histogram;

/**
 * One round of one system: jobs are enqueued while nothing runs, then all of them are run, then some come one at a time.
 *
 * @param enqueuedPerSecond while none ran
 * @param donePerSecond from the start of the runner until the database said that all were done
 * @param begin from before a job was enqueued at an idle system until its handler was called, in nanoseconds
 */
record JobRound(double enqueuedPerSecond, double donePerSecond, Histogram begin) {
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Duration LOOK = Duration.ofMillis(20);
    private static final int SINGLES = 100;

    /**
     * The make of a round.
     *
     * @param together how many are enqueued in one call
     */
    record Load(int jobs, int together, int callers, int threads) {}

    /**
     * Runs one in the empty database at {@code url}.
     *
     * @throws BenchException if a job was run twice, or is not done after ten minutes
     */
    static JobRound of(JobSystem.Kind kind, String url, Load load) {
        int all = load.jobs() + SINGLES;
        AtomicIntegerArray runs = new AtomicIntegerArray(all);
        AtomicInteger left = new AtomicInteger(load.jobs());
        CountDownLatch drained = new CountDownLatch(1);
        List<CountDownLatch> begun = new ArrayList<>();
        for (int i = 0; i < SINGLES; i++) {
            begun.add(new CountDownLatch(1));
        }
        try (JobSystem system = kind.open(url, load.threads(), number -> {
            runs.incrementAndGet(number);
            if (number >= load.jobs()) {
                begun.get(number - load.jobs()).countDown();
            } else if (left.decrementAndGet() == 0) {
                drained.countDown();
            }
        })) {
            double enqueued = perSecond(load.jobs(), enqueue(system, load));
            long start = System.nanoTime();
            system.start();
            await(drained, "the jobs");
            awaitDone(system);
            double done = perSecond(load.jobs(), System.nanoTime() - start);
            Histogram begin = singles(system, load.jobs(), begun);
            awaitDone(system);
            requireOnce(runs);
            return new JobRound(enqueued, done, begin);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    private static long enqueue(JobSystem system, Load load) throws InterruptedException {
        AtomicInteger next = new AtomicInteger();
        long start = System.nanoTime();
        try (ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> results = new ArrayList<>();
            for (int i = 0; i < load.callers(); i++) {
                results.add(callers.submit(() -> {
                    int first = next.getAndAdd(load.together());
                    while (first < load.jobs()) {
                        int end = Math.min(first + load.together(), load.jobs());
                        system.enqueue(IntStream.range(first, end).boxed().toList());
                        first = next.getAndAdd(load.together());
                    }
                }));
            }
            for (Future<?> result : results) {
                result.get();
            }
        } catch (ExecutionException failure) {
            throw new BenchException("a caller failed", failure.getCause() == null ? failure : failure.getCause());
        }
        return System.nanoTime() - start;
    }

    private static Histogram singles(JobSystem system, int first, List<CountDownLatch> begun)
            throws InterruptedException {
        Histogram latencies = new Histogram(3);
        for (int i = 0; i < begun.size(); i++) {
            long before = System.nanoTime();
            system.enqueue(List.of(first + i));
            await(begun.get(i), "a job");
            latencies.recordValue(System.nanoTime() - before);
        }
        return latencies;
    }

    private static void await(CountDownLatch latch, String what) throws InterruptedException {
        if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
            throw new BenchException(what + " did not run within " + PATIENCE);
        }
    }

    private static void awaitDone(JobSystem system) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!system.isDone()) {
            if (System.nanoTime() > end) {
                throw new BenchException("jobs that have run are not done within " + PATIENCE);
            }
            Thread.sleep(LOOK);
        }
    }

    /** A rate of something else would say nothing. */
    static void requireOnce(AtomicIntegerArray runs) {
        for (int number = 0; number < runs.length(); number++) {
            if (runs.get(number) != 1) {
                throw new BenchException("job " + number + " was run " + runs.get(number) + " times");
            }
        }
    }

    private static double perSecond(int jobs, long nanos) {
        return jobs * 1e9 / nanos;
    }
}
