package dev.tutti.testkit.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The answers that a connection still owes, by request. Safe for use by many threads. */
final class PendingReplies {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<Long, CompletableFuture<Outcome>> open = new ConcurrentHashMap<>();
    private final Runnable late;

    /** Calls {@code late} when an answer did not come in time. */
    PendingReplies(Runnable late) {
        this.late = late;
    }

    /** Does {@code send}, then waits for the answer to {@code request}; if none comes, the outcome is unknown. */
    Outcome await(long request, Runnable send) throws InterruptedException {
        CompletableFuture<Outcome> answer = new CompletableFuture<>();
        open.put(request, answer);
        try {
            send.run();
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException nothing) {
            late.run();
            return new Outcome.Unknown();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } finally {
            open.remove(request);
        }
    }

    /** The answer to {@code request} came; whether anybody waits for it. */
    boolean answered(long request, Outcome outcome) {
        CompletableFuture<Outcome> waiting = open.get(request);
        return waiting != null && waiting.complete(outcome);
    }

    /** The connection is gone: nothing more will be answered. */
    void none() {
        open.values().forEach(answer -> answer.complete(new Outcome.Unknown()));
    }
}
