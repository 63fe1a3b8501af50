package dev.tutti.bench.measure;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.HdrHistogram.Histogram;

/** Callers on virtual threads, each of which calls, waits for the result, and calls again. */
public final class ClosedLoop {
    private ClosedLoop() {}

    /** The call that one caller makes over and over. */
    @FunctionalInterface
    public interface Call {
        void run() throws Exception;
    }

    /**
     * One round.
     *
     * @param calls that were completed
     * @param perSecond of them
     * @param latencies in nanoseconds
     */
    public record Round(long calls, double perSecond, Histogram latencies) {}

    /** Lets each of {@code callers} call for {@code duration}, and waits for the last call. */
    public static Round run(List<? extends Call> callers, Duration duration) {
        CountDownLatch start = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Histogram>> results = new ArrayList<>();
            for (Call caller : callers) {
                results.add(threads.submit(() -> {
                    start.await();
                    return repeat(caller, System.nanoTime() + duration.toNanos());
                }));
            }
            long began = System.nanoTime();
            start.countDown();
            Histogram latencies = new Histogram(3);
            for (Future<Histogram> result : results) {
                latencies.add(result.get());
            }
            long nanos = System.nanoTime() - began;
            return new Round(latencies.getTotalCount(), latencies.getTotalCount() * 1e9 / nanos, latencies);
        } catch (ExecutionException failure) {
            throw new BenchException("a caller failed", failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    private static Histogram repeat(Call caller, long until) throws Exception {
        Histogram latencies = new Histogram(3);
        long began = System.nanoTime();
        do {
            caller.run();
            long now = System.nanoTime();
            latencies.recordValue(now - began);
            began = now;
        } while (began < until);
        return latencies;
    }
}
