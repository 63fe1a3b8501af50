package dev.tutti.core.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.cluster.Seal;
import dev.tutti.session.AttributeStore;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A session that ends by itself is kept until then, and no longer, whatever is done with it. */
class SessionEndTest {
    private static final Duration TTL = Duration.ofHours(24);
    private static final String SECRET = "a secret of 32 characters or more";

    private static final Seal OPEN = new Seal() {
        @Override
        public byte[] close(String place, byte[] payload) {
            return payload;
        }

        @Override
        public Optional<byte[]> open(String place, byte[] sealed) {
            return Optional.of(sealed);
        }
    };

    /** Keeps one session, and notes for how long it is to be kept. */
    private static final class NotedTimes implements AttributeStore {
        private final List<Duration> times = new ArrayList<>();
        private final Map<String, byte[]> kept = new HashMap<>();

        @Override
        public Map<String, byte[]> read(Key session, Duration ttl) {
            times.add(ttl);
            return Map.copyOf(kept);
        }

        @Override
        public boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl) {
            times.add(ttl);
            kept.putAll(set);
            return true;
        }

        @Override
        public void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values) {}

        @Override
        public void remove(Key session) {}
    }

    private final NotedTimes store = new NotedTimes();
    private final SealedSessions sessions = new SealedSessions(
            store,
            new SessionSettings(List.of(SECRET), List.of(SECRET), TTL),
            OPEN,
            OPEN,
            value -> String.valueOf(value).getBytes(StandardCharsets.UTF_8),
            bytes -> new String(bytes, StandardCharsets.UTF_8),
            new SimpleMeterRegistry());

    @Test
    void neitherReadsNorChangesKeepItBeyondItsEnd() {
        Duration left = Duration.ofMinutes(5);

        assertThat(sessions.change("visitor", Map.of("cart", "apples"), 1_000, left))
                .isEqualTo(Map.of("cart", "apples"));
        assertThat(sessions.attributes("visitor", left)).isEqualTo(Map.of("cart", "apples"));

        assertThat(store.times).hasSize(3).containsOnly(left);
    }

    @Test
    void oneThatIsNotUsedUntilThenRunsOutBefore() {
        Duration left = Duration.ofDays(30);
        sessions.change("visitor", Map.of("cart", "apples"), 1_000, left);
        sessions.attributes("visitor", left);

        sessions.change("login", Map.of("cart", "pears"));
        sessions.attributes("login");

        assertThat(store.times).hasSize(6).containsOnly(TTL);
    }
}
