package dev.tutti.redis;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A blocking wait for a {@link CompletionStage} that is under way. */
final class Futures {
    private Futures() {}

    /** Whether {@code stage} succeeds within {@code patience}. Blocks until it is known; an interrupt is a no. */
    static boolean done(CompletionStage<?> stage, Duration patience) {
        try {
            stage.toCompletableFuture().get(patience.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException no) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
