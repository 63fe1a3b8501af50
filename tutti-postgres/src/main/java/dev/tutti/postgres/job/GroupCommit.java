package dev.tutti.postgres.job;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.SerialExecutor;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * The common transactions of concurrent callers that want something written. While one is being committed the next gathers, so that
 * the size follows the load and an idle system adds no delay. A transaction that the database refuses for the sake of one of them
 * is done again for each alone. Safe for use by many threads; a caller blocks until its own is committed. There is a thread only
 * while something is written, and an interrupt of a caller does not reach it.
 */
final class GroupCommit<T, R> {
    private static final int MOST_WAITING = 10_000;
    private static final int MOST_AT_ONCE = 500;
    private static final int MOST_BYTES = 4 * 1024 * 1024;

    private record Waiting<T, R>(T item, CompletableFuture<R> result) {}

    private final ToIntFunction<T> bytes;
    private final Function<List<T>, List<R>> transaction;
    private final SerialExecutor executor;
    private final BlockingQueue<Waiting<T, R>> queue = new ArrayBlockingQueue<>(MOST_WAITING);

    /**
     * One whose threads bear {@code name}.
     *
     * @param bytes about how large something is
     * @param transaction writes a list in one transaction, and answers with the results in its order
     */
    GroupCommit(String name, ToIntFunction<T> bytes, Function<List<T>, List<R>> transaction) {
        this.executor = new SerialExecutor(name);
        this.bytes = bytes;
        this.transaction = transaction;
    }

    /**
     * Writes {@code item}, and answers with its result when it is committed.
     *
     * @throws TuttiException if it fails, and with {@link ErrorCode#OVERLOADED} if 10,000 wait
     */
    R write(T item) {
        Waiting<T, R> waiting = new Waiting<>(item, new CompletableFuture<>());
        if (!queue.offer(waiting)) {
            throw new TuttiException(
                    ErrorCode.OVERLOADED,
                    "too many changes of jobs are waiting for the database; at most " + MOST_WAITING + " may",
                    Duration.ofSeconds(1));
        }
        executor.execute(() -> write(gathered()));
        try {
            return waiting.result().join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof TuttiException known
                    ? known
                    : new TuttiException(ErrorCode.INTERNAL, "a change of a job may not be written", failure);
        }
    }

    private List<Waiting<T, R>> gathered() {
        List<Waiting<T, R>> batch = new ArrayList<>();
        long size = 0;
        while (batch.size() < MOST_AT_ONCE && size < MOST_BYTES) {
            @Nullable Waiting<T, R> next = queue.poll();
            if (next == null) {
                break;
            }
            batch.add(next);
            size += bytes.applyAsInt(next.item());
        }
        return batch;
    }

    private void write(List<Waiting<T, R>> batch) {
        if (batch.isEmpty()) {
            return; // an earlier transaction had all
        }
        try {
            List<R> results =
                    transaction.apply(batch.stream().map(Waiting::item).toList());
            for (int i = 0; i < batch.size(); i++) {
                batch.get(i).result().complete(results.get(i));
            }
        } catch (Throwable failure) {
            if (batch.size() > 1 && isRolledBack(failure)) {
                batch.forEach(each -> write(List.of(each)));
            } else {
                batch.forEach(each -> each.result().completeExceptionally(failure));
            }
        }
    }

    /** Whether certainly nothing was written: data that cannot be kept or read, a transaction that had to give way, a lock. */
    private static boolean isRolledBack(Throwable failure) {
        String state = failure.getCause() instanceof SQLException cause ? String.valueOf(cause.getSQLState()) : "";
        return state.startsWith("22") || state.startsWith("40") || state.startsWith("54") || state.equals("55P03");
    }
}
