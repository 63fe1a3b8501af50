package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.ListenerRegistration;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedStore;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.stream.Json;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** The contract of every {@link FeedStore}. Its tests may run in any order on one store. */
public interface FeedStoreContract {
    /** The longest time until an announcement arrives. */
    Duration HEARD_WITHIN = Duration.ofSeconds(30);

    /** The store. */
    FeedStore feeds();

    private static FeedKey newKey() {
        return FeedKey.of("score", UUID.randomUUID().toString());
    }

    private static FeedState state(FeedKey key, long version, String json) {
        return new FeedState(key, version, Optional.of(Json.of(json)));
    }

    private FeedUpdate put(FeedState state) {
        return feeds().put(state, "here");
    }

    private Optional<FeedState> held(FeedKey key) {
        return feeds().newer(Map.of(key, 0L)).stream().findFirst();
    }

    @Test
    default void theNewestVersionIsHeldAndOthersAreRefused() {
        FeedKey key = newKey();
        assertThat(held(key)).isEmpty();
        assertThat(put(state(key, 5, "\"five\""))).isEqualTo(new FeedUpdate.Accepted());

        assertThat(put(state(key, 4, "\"four\""))).isEqualTo(new FeedUpdate.Stale(5));
        assertThat(put(state(key, 5, "\"other\""))).isEqualTo(new FeedUpdate.Stale(5));
        assertThat(held(key)).contains(state(key, 5, "\"five\""));

        assertThat(put(state(key, FeedState.MAX_VERSION, "\"last\""))).isEqualTo(new FeedUpdate.Accepted());
        assertThat(held(key)).contains(state(key, FeedState.MAX_VERSION, "\"last\""));
    }

    @Test
    default void aVersionMayBeHeldWithoutAValue() {
        FeedKey key = newKey();
        FeedState alone = new FeedState(key, 1, Optional.empty());

        assertThat(put(alone)).isEqualTo(new FeedUpdate.Accepted());

        assertThat(held(key)).contains(alone);
    }

    @Test
    default void onlyWhatIsNewerThanKnownIsRead() {
        FeedKey old = newKey();
        FeedKey fresh = newKey();
        put(state(old, 7, "1"));
        put(state(fresh, 8, "2"));

        assertThat(feeds().newer(Map.of(old, 7L, fresh, 7L, newKey(), 0L))).containsExactly(state(fresh, 8, "2"));
        assertThat(feeds().newer(Map.of())).isEmpty();
    }

    /** Twenty values of the largest size do not fit into one result; the following calls return the rest. */
    @Test
    default void whatDoesNotFitIntoOneAnswerIsFoundByAskingAgain() {
        String large = "\"" + "x".repeat(FeedState.MAX_VALUE - 2) + "\"";
        Map<FeedKey, Long> known = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            FeedKey key = newKey();
            put(state(key, 1, large));
            known.put(key, 0L);
        }

        List<FeedState> first = feeds().newer(known);
        assertThat(first).hasSizeBetween(16, 17);
        int found = 0;
        for (List<FeedState> part = first; !part.isEmpty(); part = feeds().newer(known)) {
            found += part.size();
            part.forEach(state -> known.remove(state.key()));
        }

        assertThat(found).isEqualTo(20);
    }

    @Test
    default void ofManyAtATimeTheNewestStays() throws Exception {
        FeedKey key = newKey();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<FeedUpdate>> puts = LongStream.rangeClosed(1, 40)
                    .<Callable<FeedUpdate>>mapToObj(version -> () -> put(state(key, version, "" + version)))
                    .toList();
            for (Future<FeedUpdate> each : threads.invokeAll(puts)) {
                assertThat(each.get()).isNotNull();
            }
        }

        assertThat(held(key)).contains(state(key, 40, "40"));
    }

    private static FeedStore.Listener into(List<String> heard) {
        return new FeedStore.Listener() {
            @Override
            public void announced(String text) {
                heard.add(text.replace(" ", ""));
            }

            @Override
            public void gap() {
                heard.add("gap");
            }
        };
    }

    @Test
    default void whatIsPublishedWhileOneBeginsToListenIsAnnouncedOrThereIsAGap() {
        for (int i = 0; i < 5; i++) {
            List<String> heard = new CopyOnWriteArrayList<>();
            FeedKey key = newKey();
            ListenerRegistration end = feeds().listen(into(heard));

            put(state(key, 1, "1"));

            await().atMost(HEARD_WITHIN)
                    .until(() -> heard.contains("gap") || heard.stream().anyMatch(text -> text.contains(key.value())));
            end.close();
        }
    }

    @Test
    default void whatIsPublishedIsAnnouncedAndWhatIsRefusedIsNot() {
        List<String> heard = new CopyOnWriteArrayList<>();
        FeedKey first = newKey();
        ListenerRegistration end = feeds().listen(into(heard));
        long[] version = {0};
        await().atMost(HEARD_WITHIN).until(() -> {
            put(state(first, ++version[0], "1"));
            return !heard.isEmpty(); // the listener takes effect
        });
        FeedKey key = newKey();

        put(state(key, 2, "1"));
        put(state(key, 1, "1"));
        put(state(key, 3, "1"));

        await().atMost(HEARD_WITHIN)
                .untilAsserted(() -> assertThat(heard.stream().filter(text -> text.contains(key.value())))
                        .containsExactly(
                                "{\"key\":\"" + key + "\",\"version\":2,\"instanceId\":\"here\"}",
                                "{\"key\":\"" + key + "\",\"version\":3,\"instanceId\":\"here\"}"));
        end.close();
    }
}
