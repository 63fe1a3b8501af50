package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cache.CacheStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The contract of every {@link CacheStore}. Its tests may run in any order on one store. */
public interface CacheStoreContract {
    /** The ttl of values in the tests. */
    Duration TTL = Duration.ofMinutes(1);

    /** The store. */
    CacheStore store();

    private static String newCache() {
        return "cache } { " + UUID.randomUUID();
    }

    private static <T> T result(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(20, TimeUnit.SECONDS).join();
    }

    private static CacheStore.Fresh value(String text, String... tags) {
        return new CacheStore.Fresh(text.getBytes(StandardCharsets.UTF_8), Set.of(tags), TTL);
    }

    private Optional<String> read(String cache, String key) {
        return result(store().read(cache, key)).value().map(kept -> new String(kept.bytes(), StandardCharsets.UTF_8));
    }

    private long token(String cache, String key) {
        return result(store().read(cache, key)).token();
    }

    private boolean write(String cache, String key, long token, CacheStore.Fresh value) {
        return result(store().write(cache, key, token, value));
    }

    private long invalidate(String cache, String key) {
        return result(store().invalidate(cache, key, TTL));
    }

    @Test
    default void whatIsWrittenIsReadWithItsAge() {
        String cache = newCache();
        assertThat(read(cache, "a")).isEmpty();
        assertThat(write(cache, "a", token(cache, "a"), value("2:1"))).isTrue();

        CacheStore.Kept kept = result(store().read(cache, "a")).value().orElseThrow();
        assertThat(kept.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("2:1");
        assertThat(kept.age()).isBetween(Duration.ZERO, Duration.ofSeconds(20));
        assertThat(kept.left()).isBetween(TTL.minusSeconds(20), TTL);
        assertThat(read(cache, "b")).isEmpty();
        assertThat(read(newCache(), "a")).isEmpty();
    }

    @Test
    default void aValueEndsWithItsTime() {
        String cache = newCache();
        CacheStore.Fresh shortly = new CacheStore.Fresh(new byte[] {1}, Set.of(), Duration.ofMillis(50));
        assertThat(write(cache, "a", token(cache, "a"), shortly)).isTrue();
        await().atMost(Duration.ofSeconds(20)).until(() -> read(cache, "a").isEmpty());
    }

    @Test
    default void anyBytesAndNamesAreKept() {
        String cache = newCache();
        byte[] bytes = new byte[100_000];
        new Random(7).nextBytes(bytes);
        String key = "{} : € \0 " + "k".repeat(400);
        String tag = "\0 ü {";
        boolean kept = write(cache, key, token(cache, key), new CacheStore.Fresh(bytes, Set.of(tag, "other"), TTL));
        assertThat(kept).isTrue();
        assertThat(result(store().read(cache, key)).value().orElseThrow().bytes())
                .isEqualTo(bytes);
        result(store().invalidateTag(cache, tag));
        assertThat(read(cache, key)).isEmpty();
    }

    @Test
    default void cachesWhoseNamesAreAlikeHaveNoKeysInCommon() {
        String cache = newCache();
        for (int number = 0; number < 100; number++) {
            for (String[] each : new String[][] {{cache, number + "}:y"}, {cache + "}:" + number, "y"}}) {
                assertThat(read(each[0], each[1])).isEmpty();
                assertThat(write(each[0], each[1], token(each[0], each[1]), value("1")))
                        .isTrue();
            }
        }
    }

    @Test
    default void aValueThatWasInvalidatedIsGone() {
        String cache = newCache();
        for (String key : new String[] {"a", "b", "c"}) {
            write(cache, key, token(cache, key), value(key, "tag " + key, "all"));
        }
        invalidate(cache, "a");
        assertThat(read(cache, "a")).isEmpty();
        assertThat(read(cache, "b")).contains("b");
        result(store().invalidateTag(cache, "tag b"));
        assertThat(read(cache, "b")).isEmpty();
        assertThat(read(cache, "c")).contains("c");
        result(store().invalidateAll(cache));
        assertThat(read(cache, "c")).isEmpty();
    }

    @Test
    default void whatWasLoadedBeforeAnInvalidationIsRefused() {
        String cache = newCache();
        long before = token(cache, "a");
        invalidate(cache, "a");
        assertThat(write(cache, "a", before, value("old"))).isFalse();
        assertThat(read(cache, "a")).isEmpty();

        long beforeTag = token(cache, "a");
        result(store().invalidateTag(cache, "cup"));
        assertThat(write(cache, "a", beforeTag, value("old", "cup"))).isFalse();
        assertThat(write(cache, "a", beforeTag, value("new", "league"))).isTrue();

        long beforeAll = token(cache, "a");
        result(store().invalidateAll(cache));
        assertThat(write(cache, "a", beforeAll, value("old"))).isFalse();
        assertThat(read(cache, "a")).isEmpty();
        assertThat(write(cache, "a", token(cache, "a"), value("new", "cup"))).isTrue();
        assertThat(read(cache, "a")).contains("new");
    }

    @Test
    default void theTokenOfAnInvalidationWritesUnlessThereWasALaterOne() {
        String cache = newCache();
        long first = invalidate(cache, "a");
        long second = invalidate(cache, "a");
        assertThat(write(cache, "a", second, value("second"))).isTrue();
        assertThat(write(cache, "a", first, value("first"))).isFalse();
        assertThat(read(cache, "a")).contains("second");
    }

    @Test
    default void aTokenThatWasNeverGivenIsRefused() {
        String cache = newCache();
        long token = token(cache, "a");
        assertThat(write(cache, "a", token + 1, value("ahead"))).isFalse();
        assertThat(write(cache, "a", 0, value("before"))).isFalse();
        assertThat(read(cache, "a")).isEmpty();
    }

    @Tag("slow")
    @Test
    default void veryManyTagsAreOneInvalidationOfAll() {
        String cache = newCache();
        write(cache, "a", token(cache, "a"), value("a", "cup"));
        for (int batch = 0; batch <= 100; batch++) {
            int from = batch * 101;
            CompletionStage<?>[] some = IntStream.range(from, from + 101)
                    .mapToObj(number -> store().invalidateTag(cache, "tag " + number))
                    .toArray(CompletionStage[]::new);
            Arrays.stream(some).forEach(CacheStoreContract::result);
        }
        assertThat(read(cache, "a")).isEmpty();
    }
}
