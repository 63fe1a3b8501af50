package dev.tutti.core.cache;

import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Loaded;
import dev.tutti.cache.Loader;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;

/** A loader of which each run ends when, and as, the test says. Safe for use by many threads. */
final class GatedLoader implements Loader<String> {
    private final List<CompletableFuture<Loaded<String>>> runs = new CopyOnWriteArrayList<>();

    @Override
    public Loaded<String> load(String key) throws Exception {
        CompletableFuture<Loaded<String>> run = new CompletableFuture<>();
        runs.add(run);
        try {
            return run.get();
        } catch (ExecutionException failed) {
            throw failed.getCause() instanceof Exception failure ? failure : failed;
        }
    }

    int runs() {
        return runs.size();
    }

    /** Until it was called so often. */
    void awaitRuns(int count) {
        await().atMost(CacheCluster.LONG).until(() -> runs.size() == count);
    }

    /** The run {@code number}, from 0, when it has begun. */
    private CompletableFuture<Loaded<String>> begun(int number) {
        await().atMost(CacheCluster.LONG).until(() -> runs.size() > number);
        return runs.get(number);
    }

    /** Lets run {@code number}, from 0, end. */
    void end(int number, Loaded<String> with) {
        begun(number).complete(with);
    }

    void end(int number, String value) {
        end(number, Loaded.of(value));
    }

    /** Lets run {@code number}, from 0, fail. */
    void fail(int number, Exception with) {
        begun(number).completeExceptionally(with);
    }
}
