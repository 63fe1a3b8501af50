package dev.tutti.bench.load;

import dev.tutti.bench.child.Answer;
import dev.tutti.bench.child.Child;
import dev.tutti.bench.measure.BenchException;
import dev.tutti.bench.measure.Histograms;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import org.HdrHistogram.Histogram;

/**
 * Subscribers in processes of their own, so that they do not share a heap, a collector or the limit of open files with
 * anything. For one thread at a time.
 */
public final class Fleet implements AutoCloseable {
    /** As many as the usual limits of open files allow one process, with room to spare. */
    private static final int CONNECTIONS_PER_PROCESS = 10_000;

    private final List<Child> processes = new ArrayList<>();

    /** Enough processes for {@code connections}. */
    public Fleet(int connections) {
        int wanted = Math.ceilDiv(connections, CONNECTIONS_PER_PROCESS);
        try {
            for (int i = 0; i < wanted; i++) {
                processes.add(Child.java("clients"));
            }
        } catch (RuntimeException failure) {
            close();
            throw failure;
        }
    }

    /** Opens connections, {@code inFlight} at a time over all processes, and waits until all are ready. */
    public LoadClient.Opened open(int port, Dialect dialect, int connections, int inFlight, int creditPort) {
        List<Answer> answers = all(process -> processes
                .get(process)
                .ask(
                        "open",
                        port,
                        dialect,
                        share(connections, process),
                        Math.max(1, share(inFlight, process)),
                        creditPort));
        Histogram handshakes = Histograms.sum(answers, answer -> Histograms.parse(answer.text("handshakes")));
        return new LoadClient.Opened(
                answers.stream()
                        .mapToLong(answer -> answer.number("nanos"))
                        .max()
                        .orElse(0),
                handshakes);
    }

    /** The counts of what they received since the last time. */
    public Subscribers.Tally tally() {
        List<Answer> answers = all(process -> processes.get(process).ask("tally"));
        Histogram latencies = Histograms.sum(answers, answer -> Histograms.parse(answer.text("latencies")));
        return new Subscribers.Tally(
                answers.stream().mapToLong(answer -> answer.number("messages")).sum(),
                answers.stream()
                        .mapToLong(answer -> answer.number("least"))
                        .min()
                        .orElse(0),
                answers.stream()
                        .mapToLong(answer -> answer.number("most"))
                        .max()
                        .orElse(0),
                answers.getFirst().number("bytes"),
                latencies);
    }

    /** Ends all connections. */
    public void disconnect() {
        all(process -> processes.get(process).ask("disconnect"));
    }

    @Override
    public void close() {
        processes.forEach(Child::close);
    }

    private int share(int whole, int process) {
        return whole / processes.size() + (process < whole % processes.size() ? 1 : 0);
    }

    private List<Answer> all(IntFunction<Answer> ask) {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Answer>> answers = new ArrayList<>();
            for (int i = 0; i < processes.size(); i++) {
                int process = i;
                answers.add(CompletableFuture.supplyAsync(() -> ask.apply(process), threads));
            }
            return answers.stream().map(CompletableFuture::join).toList();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof BenchException known
                    ? known
                    : new BenchException("the load processes failed", failure);
        }
    }
}
