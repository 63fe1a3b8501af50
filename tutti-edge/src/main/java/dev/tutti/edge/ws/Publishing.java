package dev.tutti.edge.ws;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The publishes of one client that are under way, so many at most, answered in the order in which they began. The queue of
 * what is not answered yet is the count as well, so that nothing has to be given back. For use by one thread at a time;
 * answers are given on the threads that complete the publishes.
 */
final class Publishing {
    private final int most;
    private final Queue<CompletableFuture<@Nullable Void>> unanswered = new ArrayDeque<>();
    private CompletableFuture<@Nullable Void> last = CompletableFuture.completedFuture(null);

    Publishing(int most) {
        this.most = most;
    }

    /** Waits until there is room for one more. */
    void awaitRoom() {
        while (unanswered.size() >= most) {
            unanswered.remove().join();
        }
    }

    /** Waits until all are answered. */
    void awaitAll() {
        last.join();
        unanswered.clear();
    }

    /**
     * Adds a publish that has begun; {@code answer} is told its outcome once all before it are answered. An exception of {@code
     * answer} concerns nobody behind it.
     */
    <T> void add(CompletableFuture<T> publish, BiConsumer<@Nullable T, @Nullable Throwable> answer) {
        CompletableFuture<@Nullable Void> before = last;
        last = publish.<Outcome<T>>handle(Outcome::new)
                .thenCombine(before, (outcome, _) -> outcome)
                .thenAccept(outcome -> answer.accept(outcome.result(), outcome.failure()))
                .handle((_, _) -> null);
        unanswered.add(last);
    }

    private record Outcome<T>(@Nullable T result, @Nullable Throwable failure) {}
}
