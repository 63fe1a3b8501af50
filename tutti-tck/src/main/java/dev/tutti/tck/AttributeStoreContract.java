package dev.tutti.tck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.session.AttributeStore;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The contract of every {@link AttributeStore}. Its tests may run in any order on one store. */
public interface AttributeStoreContract {
    /** A ttl that is longer than any test. */
    Duration LONG = Duration.ofHours(1);

    /** The most bytes of a session. */
    int MOST_BYTES = AttributeStore.MAX_BYTES;

    /** The store. */
    AttributeStore attributes();

    private static AttributeStore.Key session() {
        return new AttributeStore.Key(17, List.of("session " + UUID.randomUUID()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private Map<String, String> read(AttributeStore.Key session) {
        return attributes().read(session, LONG).entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> new String(entry.getValue(), StandardCharsets.UTF_8)));
    }

    private boolean change(AttributeStore.Key session, Map<String, String> set, String... removed) {
        Map<String, byte[]> values = new HashMap<>();
        set.forEach((name, value) -> values.put(name, bytes(value)));
        return attributes().change(session, values, Set.of(removed), MOST_BYTES, LONG);
    }

    @Test
    default void changesLeaveTheOthersAsTheyAre() {
        AttributeStore.Key session = session();
        assertThat(read(session)).isEmpty();
        assertThat(change(session, Map.of("cart", "apples", "theme", "dark"))).isTrue();
        assertThat(change(session, Map.of("cart", "pears", "step", "3"), "theme", "never there"))
                .isTrue();
        assertThat(read(session)).isEqualTo(Map.of("cart", "pears", "step", "3"));
        assertThat(read(session())).isEmpty();
    }

    @Test
    default void valuesAreAnyBytes() {
        AttributeStore.Key session = session();
        byte[] value = {0, -1, 13, 10, 34, 92, -128, 127};
        assertThat(attributes().change(session, Map.of("value", value), Set.of(), MOST_BYTES, LONG))
                .isTrue();
        assertThat(attributes().read(session, LONG).get("value")).isEqualTo(value);
    }

    @Test
    default void changesAtTheSameTimeLoseNothing() throws ExecutionException, InterruptedException {
        String one = "one " + UUID.randomUUID();
        String other = "other " + UUID.randomUUID();
        AttributeStore.Key session = new AttributeStore.Key(3, List.of(one, other));
        AttributeStore.Key same = new AttributeStore.Key(3, List.of(other, one));
        List<Future<Boolean>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < AttributeStore.MAX_NAMES; i++) {
                AttributeStore.Key key = i % 2 == 0 ? session : same;
                Map<String, String> set = Map.of("name-" + i, "value");
                changes.add(threads.submit(() -> change(key, set)));
            }
            for (Future<Boolean> change : changes) {
                assertThat(change.get()).isTrue();
            }
        }
        assertThat(read(session)).hasSize(AttributeStore.MAX_NAMES);
    }

    @Test
    default void whatIsUnderAnotherNameIsMoved() {
        String old = "old " + UUID.randomUUID();
        String fresh = "fresh " + UUID.randomUUID();
        assertThat(change(new AttributeStore.Key(5, List.of(old)), Map.of("cart", "apples")))
                .isTrue();
        assertThat(change(new AttributeStore.Key(5, List.of(fresh, old)), Map.of("theme", "dark")))
                .isTrue();
        assertThat(read(new AttributeStore.Key(5, List.of(fresh))))
                .isEqualTo(Map.of("cart", "apples", "theme", "dark"));
        assertThat(read(new AttributeStore.Key(5, List.of(old)))).isEmpty();
        assertThat(read(new AttributeStore.Key(5, List.of(old, fresh)))).hasSize(2);
        assertThat(read(new AttributeStore.Key(5, List.of(fresh)))).isEmpty();
    }

    @Test
    default void whatIsUnderBothNamesIsJoined() {
        String old = "old " + UUID.randomUUID();
        String fresh = "fresh " + UUID.randomUUID();
        assertThat(change(new AttributeStore.Key(5, List.of(old)), Map.of("cart", "apples", "theme", "dark")))
                .isTrue();
        assertThat(change(new AttributeStore.Key(5, List.of(fresh)), Map.of("cart", "pears")))
                .isTrue();
        assertThat(read(new AttributeStore.Key(5, List.of(fresh, old))))
                .isEqualTo(Map.of("cart", "pears", "theme", "dark"));
        assertThat(read(new AttributeStore.Key(5, List.of(old)))).isEmpty();
    }

    @Test
    default void aSessionIsBounded() {
        AttributeStore.Key session = session();
        String half = "x".repeat(AttributeStore.MAX_BYTES / 2);
        assertThat(change(session, Map.of("one", half))).isTrue();
        assertThat(change(session, Map.of("two", half))).isFalse();
        assertThat(read(session)).isEqualTo(Map.of("one", half));
        assertThat(change(session, Map.of("two", half), "one")).isTrue();
        assertThat(change(session, Map.of("two", ""))).isTrue();

        Map<String, String> many = new HashMap<>();
        for (int i = 0; i < AttributeStore.MAX_NAMES; i++) {
            many.put("name-" + i, "");
        }
        assertThat(change(session, many)).isFalse();
        assertThat(change(session, many, "two")).isTrue();
        assertThat(read(session)).isEqualTo(many);
    }

    @Test
    default void aSessionThatMayHaveLessIsBoundedByThatHoweverManyChangesComeAtOnce()
            throws ExecutionException, InterruptedException {
        AttributeStore.Key session = session();
        String value = "x".repeat(93); // 100 bytes with a name of 7
        List<Future<Boolean>> changes = new ArrayList<>();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 10; i < 50; i++) {
                Map<String, byte[]> set = Map.of("name-" + i, bytes(value));
                changes.add(threads.submit(() -> attributes().change(session, set, Set.of(), 1_000, LONG)));
            }
        }
        int taken = 0;
        for (Future<Boolean> change : changes) {
            taken += change.get() ? 1 : 0;
        }
        assertThat(taken).isEqualTo(10);
        assertThat(read(session)).hasSize(10);
        assertThat(change(session, Map.of("more", value))).isTrue();
        assertThat(attributes().change(session, Map.of(), Set.of("more"), 1_000, LONG))
                .as("less is always allowed")
                .isTrue();
    }

    @Test
    default void onlyWhatIsStillAsItIsKnownIsReplaced() {
        AttributeStore.Key session = session();
        assertThat(change(session, Map.of("cart", "apples", "theme", "dark"))).isTrue();
        attributes()
                .replace(
                        session,
                        Map.of("cart", bytes("apples"), "theme", bytes("light"), "gone", bytes("")),
                        Map.of("cart", bytes("pears"), "theme", bytes("blue"), "gone", bytes("here")));
        assertThat(read(session)).isEqualTo(Map.of("cart", "pears", "theme", "dark"));
    }

    @Test
    default void aSessionIsRemovedUnderAllItsNames() {
        String old = "old " + UUID.randomUUID();
        AttributeStore.Key session = new AttributeStore.Key(9, List.of("fresh " + UUID.randomUUID(), old));
        assertThat(change(new AttributeStore.Key(9, List.of(old)), Map.of("cart", "apples")))
                .isTrue();
        attributes().remove(session);
        assertThat(read(session)).isEmpty();
        assertThat(read(new AttributeStore.Key(9, List.of(old)))).isEmpty();
    }

    @Test
    default void aSessionThatIsNotUsedRunsOut() {
        AttributeStore.Key session = session();
        Duration ttl = Duration.ofMillis(50);
        assertThat(attributes().change(session, Map.of("cart", bytes("apples")), Set.of(), MOST_BYTES, ttl))
                .isTrue();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(ttl.multipliedBy(4)) // each read counts as a use
                .until(() -> attributes().read(session, ttl).isEmpty());
        assertThat(change(session, Map.of("theme", "dark"))).isTrue();
        assertThat(read(session)).isEqualTo(Map.of("theme", "dark"));
    }

    @Test
    default void aSessionThatIsReadUntilItsEndIsGoneThen() {
        AttributeStore.Key session = session();
        long end = System.nanoTime() + Duration.ofMillis(500).toNanos();
        assertThat(attributes().change(session, Map.of("cart", bytes("apples")), Set.of(), MOST_BYTES, until(end)))
                .isTrue();
        await().atMost(Duration.ofSeconds(60))
                .pollInterval(Duration.ofMillis(20)) // each read counts as a use
                .until(() -> attributes().read(session, until(end)).isEmpty());
    }

    private static Duration until(long end) {
        return Duration.ofNanos(
                Math.max(end - System.nanoTime(), Duration.ofMillis(1).toNanos()));
    }
}
