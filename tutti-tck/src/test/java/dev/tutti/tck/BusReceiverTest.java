package dev.tutti.tck;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.bus.BusListener;
import dev.tutti.bus.BusReceiver;
import dev.tutti.concurrent.HeapShare;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class BusReceiverTest {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final BusListener listener = new BusListener() {
        @Override
        public void onMessage(String topic, byte[] payload) {
            heard.add(topic + " " + new String(payload, UTF_8));
        }

        @Override
        public void onGap() {
            heard.add("gap");
        }
    };

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    @Test
    void whatIsBeingFetchedHoldsUpItsTopicAlone() {
        try (BusReceiver receiver = new BusReceiver("receiver", listener)) {
            CompletableFuture<byte[]> large = new CompletableFuture<>();
            receiver.add("a", 1_000, large);
            receiver.add("a", bytes("behind"));
            receiver.add("b", bytes("beside"));
            await().until(() -> heard.equals(List.of("b beside")));

            large.complete(bytes("large"));

            await().until(() -> heard.equals(List.of("b beside", "a large", "a behind")));
        }
    }

    @Test
    void whatCannotBeFetchedIsAGapBeforeWhatIsBehind() {
        try (BusReceiver receiver = new BusReceiver("receiver", listener)) {
            CompletableFuture<byte[]> large = new CompletableFuture<>();
            receiver.add("a", 1_000, large);
            receiver.add("a", bytes("behind"));
            large.completeExceptionally(new IOException("gone"));

            await().until(() -> heard.equals(List.of("gap", "a behind")));
            assertThat(receiver.dropped()).isEqualTo(1);
        }
    }

    /** Whatever comes when, each topic has its order, and what is held counts against the bounds. */
    @Test
    void eachTopicHasItsOrder() {
        long seed = Long.getLong("tutti.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        try (BusReceiver receiver = new BusReceiver("receiver", listener)) {
            List<Runnable> fetching = new ArrayList<>();
            Map<String, List<String>> expected = new HashMap<>();
            for (int i = 0; i < 3_000; i++) {
                String topic = "topic" + random.nextInt(5);
                String text = topic + " " + i;
                expected.computeIfAbsent(topic, _ -> new ArrayList<>()).add(text);
                if (random.nextInt(4) == 0) {
                    CompletableFuture<byte[]> payload = new CompletableFuture<>();
                    int number = i;
                    fetching.add(() -> payload.complete(bytes("" + number)));
                    receiver.add(topic, 100, payload);
                } else {
                    receiver.add(topic, bytes("" + i));
                }
                while (!fetching.isEmpty() && random.nextInt(3) == 0) {
                    fetching.remove(random.nextInt(fetching.size())).run();
                }
            }
            fetching.forEach(Runnable::run);

            await().until(() -> heard.size() == 3_000);
            expected.forEach((topic, texts) -> assertThat(heard)
                    .as("seed %d", seed)
                    .filteredOn(each -> each.startsWith(topic + " "))
                    .isEqualTo(texts));
        }
    }

    @Test
    void whatIsHeldCountsAgainstTheBounds() {
        try (BusReceiver receiver = new BusReceiver("receiver", listener)) {
            int quarter = (int) (HeapShare.BUS_RECEIVED.bytes() / 4);
            for (int i = 0; i < 5; i++) {
                receiver.add("a", quarter, new CompletableFuture<>());
            }
            assertThat(receiver.dropped()).isEqualTo(1);
        }
    }
}
