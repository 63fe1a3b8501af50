package dev.tutti.testkit.client;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The requests of one connection that wait for their answers. Safe for use by many threads. */
final class PendingReplies {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Map<Long, CompletableFuture<Outcome>> open = new ConcurrentHashMap<>();
    private final Runnable late;

    /** No requests yet. {@code late} is called when an answer did not arrive in time. */
    PendingReplies(Runnable late) {
        this.late = late;
    }

    /** Calls {@code send}, and then blocks until {@code request} is answered. If there is no answer in time, the outcome is unknown. */
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

    /** Passes on the answer to {@code request}; returns whether the request was waiting. */
    boolean answered(long request, Outcome outcome) {
        CompletableFuture<Outcome> waiting = open.get(request);
        return waiting != null && waiting.complete(outcome);
    }

    /** Ends all waits, because the connection has ended: the outcomes are unknown. */
    void none() {
        open.values().forEach(answer -> answer.complete(new Outcome.Unknown()));
    }
}
