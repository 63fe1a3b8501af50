package dev.tutti.server.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.Cache;
import dev.tutti.cache.Loaded;
import dev.tutti.core.Tutti;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.postgres.PostgresBackend;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Caches of two instances that have a PostgreSQL in common, and nothing else. */
class PostgresCachesTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private static Tutti instance(String url) {
        return Tutti.on(PostgresBackend.open(url))
                .secret("a secret of the tests, and of no one else")
                .start();
    }

    /**
     * One hundred callers of both who miss {@code key}; how often it is loaded. A load goes on until the other instance waits for it,
     * or loads as well.
     */
    private static int loads(String key, Map<Tutti, Cache<String>> caches) throws Exception {
        AtomicInteger loads = new AtomicInteger();
        List<CompletableFuture<Optional<String>>> got = new ArrayList<>();
        for (int caller = 0; caller < 50; caller++) {
            for (Cache<String> cache : caches.values()) {
                CompletableFuture<Optional<String>> result = new CompletableFuture<>();
                got.add(result);
                Thread.startVirtualThread(() -> {
                    try {
                        result.complete(cache.get(key, _ -> {
                            loads.incrementAndGet();
                            await().atMost(LONG).until(() -> loads.get() > 1 || isAwaited(caches.keySet()));
                            return Loaded.of("value");
                        }));
                    } catch (Throwable failure) {
                        result.completeExceptionally(failure);
                    }
                });
            }
        }
        for (CompletableFuture<Optional<String>> each : got) {
            assertThat(each.get(60, TimeUnit.SECONDS)).contains("value");
        }
        return loads.get();
    }

    private static boolean isAwaited(Set<Tutti> instances) {
        return instances.stream()
                .anyMatch(
                        each -> each.meters().get("tutti.cache.waiting").gauge().value() > 0);
    }

    @Tag("slow")
    @Test
    void manyMissesAreOneLoadAndInvalidationsAreHeard() throws Exception {
        EmbeddedSettings settings = EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres"));
        try (EmbeddedDatabase database = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(settings));
                Tutti ann = instance(database.url());
                Tutti bob = instance(database.url())) {
            await().atMost(LONG)
                    .until(() -> ann.members().others().size() == 1
                            && bob.members().others().size() == 1);
            Cache<String> hers = ann.caches().cache("scores", String.class);
            Cache<String> his = bob.caches().cache("scores", String.class);
            // a busy machine may be too late for a coordinator, whose patience is a second; without one it is always
            // two
            // loads
            AtomicInteger round = new AtomicInteger();
            await("one load")
                    .atMost(LONG)
                    .until(() -> loads("key " + round.incrementAndGet(), Map.of(ann, hers, bob, his)) == 1);

            String key = "key " + round.get();
            await("kept, which an instance that has just started does for a moment only")
                    .atMost(LONG)
                    .until(() -> hers.get(key, _ -> Loaded.of("value")).equals(hers.getIfPresent(key)));
            his.invalidate(key);
            await().atMost(LONG).until(() -> hers.getIfPresent(key).isEmpty());
        }
    }
}
