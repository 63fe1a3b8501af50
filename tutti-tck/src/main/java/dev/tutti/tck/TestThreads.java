package dev.tutti.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Threads of a test. {@link #close} waits for them, at most a minute for each, and fails with the first failure of a thread. */
final class TestThreads implements AutoCloseable {
    /** The work of one thread. */
    interface Work {
        void run() throws Exception;
    }

    private final ExecutorService threads = Executors.newCachedThreadPool(); // platform threads, because some spin
    private final List<Future<?>> members = new ArrayList<>();

    void add(Work work) {
        Callable<Void> task = () -> {
            work.run();
            return null;
        };
        members.add(threads.submit(task));
    }

    @Override
    public void close() {
        try {
            for (Future<?> member : members) {
                member.get(1, TimeUnit.MINUTES);
            }
        } catch (ExecutionException e) {
            throw new AssertionError("a thread of the test failed: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread of the test hangs", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        } finally {
            threads.shutdownNow();
        }
    }
}
