package dev.tutti.server.key;

import dev.tutti.concurrent.SerialExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds what has an id in the database, by few statements at a time for all who ask meanwhile: anybody may make ids up, and however many
 * they are, they have two connections, of which one may hang. As many wait as there are requests. Safe for use by many threads; blocks.
 */
final class KeyLookup<V> {
    /** Ids in one statement. */
    static final int MOST = 1_000;

    private final Function<Set<String>, Map<String, V>> database;
    private final Queue<Wanted<V>> waiting = new ConcurrentLinkedQueue<>();
    private final List<SerialExecutor> workers =
            List.of(new SerialExecutor("tutti-keys-1"), new SerialExecutor("tutti-keys-2"));
    private final AtomicInteger turn = new AtomicInteger();

    /** Asks {@code database}, which answers for those ids that there are. */
    KeyLookup(Function<Set<String>, Map<String, V>> database) {
        this.database = database;
    }

    private record Wanted<V>(String id, CompletableFuture<Optional<V>> answer) {}

    /** The value of {@code id}, as of now; a failure of the database is thrown. */
    Optional<V> find(String id) {
        Wanted<V> wanted = new Wanted<>(id, new CompletableFuture<>());
        waiting.add(wanted);
        workers.get(Math.floorMod(turn.getAndIncrement(), workers.size())).execute(this::look);
        try {
            return wanted.answer().join();
        } catch (CompletionException failure) {
            throw failure.getCause() instanceof RuntimeException known ? known : failure;
        }
    }

    /** Finds what waits; nothing does if a look before this one has taken it. */
    private void look() {
        List<Wanted<V>> batch = new ArrayList<>();
        for (Wanted<V> next = waiting.poll(); next != null; next = batch.size() < MOST ? waiting.poll() : null) {
            batch.add(next);
        }
        if (batch.isEmpty()) {
            return;
        }
        try {
            Map<String, V> found = database.apply(batch.stream().map(Wanted::id).collect(Collectors.toSet()));
            batch.forEach(each -> each.answer().complete(Optional.ofNullable(found.get(each.id()))));
        } catch (Throwable failure) { // whatever it is, they wait for an answer
            batch.forEach(each -> each.answer().completeExceptionally(failure));
        }
    }
}
