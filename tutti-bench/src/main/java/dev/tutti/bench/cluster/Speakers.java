package dev.tutti.bench.cluster;

import dev.tutti.bench.BenchException;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;

/** People with a group each. */
final class Speakers {
    /** Hashing a password takes its time, and the processors. */
    private static final int AT_A_TIME = 4;

    private Speakers() {}

    /** Registers {@code count} of them. */
    static List<SteadyTalk.Speaker> register(ChatClient client, int count) {
        try (ExecutorService threads = Executors.newFixedThreadPool(AT_A_TIME)) {
            List<Future<SteadyTalk.Speaker>> all = IntStream.range(0, count)
                    .mapToObj(number -> threads.submit(() -> {
                        ChatClient.Account account = client.register("bench" + number);
                        return client.current(account, client.group(account, "Bench " + number));
                    }))
                    .toList();
            return all.stream().map(Speakers::done).toList();
        }
    }

    private static SteadyTalk.Speaker done(Future<SteadyTalk.Speaker> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw new BenchException("preparing", failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }
}
