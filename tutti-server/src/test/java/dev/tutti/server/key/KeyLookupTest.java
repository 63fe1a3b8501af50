package dev.tutti.server.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class KeyLookupTest {
    private final AtomicInteger looks = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger asked = new AtomicInteger();
    private final CountDownLatch open = new CountDownLatch(1);
    private final KeyLookup<String> lookup = new KeyLookup<>(this::look);

    private Map<String, String> look(Set<String> ids) {
        looks.incrementAndGet();
        if (underWay.incrementAndGet() > 2 || ids.size() > KeyLookup.MOST) {
            throw new IllegalStateException("three looks at a time, or a large one");
        }
        awaitOpen();
        underWay.decrementAndGet();
        return ids.contains("good") ? Map.of("good", "the key") : Map.of();
    }

    private void awaitOpen() {
        try {
            open.await();
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private CompletableFuture<Optional<String>> find(String id, ExecutorService threads) {
        return CompletableFuture.supplyAsync(
                () -> {
                    asked.incrementAndGet();
                    return lookup.find(id);
                },
                threads);
    }

    @Test
    void idsThatAreMadeUpShareFewLooksHoweverManyTheyAre() {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<CompletableFuture<Optional<String>>> answers = new ArrayList<>();
            for (int i = 0; i < 2_000; i++) {
                answers.add(find(i == 1_500 ? "good" : "made up " + i, threads));
            }
            await().until(() -> asked.get() == 2_000);
            open.countDown();

            assertThat(answers.stream().map(CompletableFuture::join).flatMap(Optional::stream))
                    .containsExactly("the key");
            assertThat(looks).hasValueLessThan(10);
        }
    }

    @Test
    void aFailureIsEverybodysAndTheNextLookIsANewOne() {
        KeyLookup<String> failing = new KeyLookup<>(ids -> {
            if (looks.incrementAndGet() == 1) {
                throw new TuttiException(ErrorCode.UNAVAILABLE, "the database cannot be reached");
            }
            return Map.of("good", "the key");
        });

        assertThatThrownBy(() -> failing.find("good"))
                .isInstanceOfSatisfying(
                        TuttiException.class, away -> assertThat(away.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(failing.find("good")).contains("the key");
        assertThat(failing.find("other")).isEmpty();
    }
}
