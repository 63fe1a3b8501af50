package dev.tutti.edge.ws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class PublishingTest {
    private final List<String> answers = new CopyOnWriteArrayList<>();
    private final Publishing publishing = new Publishing(3);

    private CompletableFuture<String> begin(String name) {
        CompletableFuture<String> publish = new CompletableFuture<>();
        publishing.awaitRoom();
        publishing.add(publish, (result, failure) -> answers.add(name + (failure == null ? " " + result : " failed")));
        return publish;
    }

    @Test
    void answersAreInTheOrderOfTheirBeginning() {
        CompletableFuture<String> a = begin("a");
        CompletableFuture<String> b = begin("b");
        CompletableFuture<String> c = begin("c");

        c.complete("3");
        b.completeExceptionally(new IllegalStateException());
        assertThat(answers).isEmpty();
        a.complete("1");

        assertThat(answers).containsExactly("a 1", "b failed", "c 3");
    }

    @Test
    void oneMoreThanAllowedWaitsForTheOldest() {
        CompletableFuture<String> a = begin("a");
        var _ = begin("b");
        var _ = begin("c");
        Thread fourth = Thread.startVirtualThread(() -> begin("d").complete("4"));

        await().until(() -> fourth.getState() == Thread.State.WAITING);
        a.complete("1");

        await().until(() -> !fourth.isAlive());
        assertThat(answers).containsExactly("a 1");
    }

    @Test
    void anAnswerThatThrowsHoldsUpNobody() {
        CompletableFuture<String> a = new CompletableFuture<>();
        publishing.add(a, (_, _) -> {
            throw new IllegalStateException("cannot be told");
        });
        a.complete("1");
        for (int i = 0; i < 100; i++) {
            begin("n").complete("x");
        }
        publishing.awaitAll();
        assertThat(answers).hasSize(100);
    }

    @Test
    void whateverEndsFirstNothingIsLostAndNothingWaitsForEver() {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        List<CompletableFuture<String>> all = new ArrayList<>();
        for (int i = 0; i < 2_000; i++) {
            for (CompletableFuture<String> each : all.subList(Math.max(0, i - 3), i)) {
                if (random.nextBoolean()) {
                    end(each, random.nextBoolean());
                }
            }
            if (i >= 3) {
                end(all.get(i - 3), true); // there is room when the oldest is answered
            }
            all.add(begin(Integer.toString(i)));
        }
        all.forEach(each -> end(each, true));
        publishing.awaitAll();
        assertThat(answers).hasSize(2_000);
        for (int i = 0; i < answers.size(); i++) {
            assertThat(answers.get(i)).startsWith(i + " ");
        }
    }

    private static void end(CompletableFuture<String> publish, boolean well) {
        if (well) {
            publish.complete("x");
        } else {
            publish.completeExceptionally(new IllegalStateException());
        }
    }
}
