package dev.tutti.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability;
import dev.tutti.server.key.Capability.Action;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class NameRangeTest {
    private static final List<String> IDS = List.of("a", "a-b", "a.b", "a:", "aZ", "ab", "ab:c", "b", "zz~", "~");
    private static final List<String> NAMES = Stream.of("org", "room", "socketio", "socketioa", "user")
            .flatMap(kind -> IDS.stream().map(id -> kind + ":" + id))
            .sorted()
            .toList();
    private static final List<String> PARTS =
            List.of("", "r", "room", "room:", "room:a", "room:a-", "room:ab", "s", "socketio", "socketio:a", "user:~");

    private static ApiKey key(List<String> capabilities) {
        return new ApiKey(
                "id", "a key", capabilities.stream().map(Capability::parse).toList(), Instant.EPOCH, null);
    }

    /** Those of {@code NAMES} that are found behind {@code after}, in the order in which they are. */
    private static List<String> found(ApiKey key, String prefix, String after) {
        List<String> found = new ArrayList<>();
        for (NameRange range : NameRange.readable(key, prefix)) {
            NameRange left = range.behind(after);
            NAMES.stream()
                    .filter(name -> name.compareTo(left.from()) >= 0 && name.compareTo(left.before()) < 0)
                    .forEach(found::add);
        }
        return found;
    }

    @Test
    void whatAKeyMayReadIsFoundOnceAndInOrder() {
        Random random = new Random(7);
        for (int run = 0; run < 5_000; run++) {
            List<String> capabilities = new ArrayList<>(List.of("publish:*"));
            for (int i = random.nextInt(4); i >= 0; i--) {
                capabilities.add("read:"
                        + (random.nextBoolean()
                                ? NAMES.get(random.nextInt(NAMES.size()))
                                : PARTS.get(random.nextInt(PARTS.size())) + "*"));
            }
            ApiKey key = key(capabilities);
            String prefix = PARTS.get(random.nextInt(PARTS.size()));
            String after = random.nextBoolean() ? "" : NAMES.get(random.nextInt(NAMES.size()));

            assertThat(found(key, prefix, after))
                    .as("%s, those that begin with '%s', behind '%s'", capabilities, prefix, after)
                    .isEqualTo(NAMES.stream()
                            .filter(name -> name.startsWith(prefix) && name.compareTo(after) > 0)
                            .filter(name -> key.allows(Action.READ, name) && !name.startsWith("socketio:"))
                            .toList());
        }
    }

    @Test
    void aKeyThatReadsNothingHasNoRange() {
        assertThat(NameRange.readable(key(List.of("publish:*", "delete:*")), ""))
                .isEmpty();
        assertThat(NameRange.readable(key(List.of("read:room:*")), "user:")).isEmpty();
        assertThat(NameRange.readable(key(List.of("read:room:a")), "room:ab")).isEmpty();
        assertThat(NameRange.readable(key(List.of("read:socketio:*")), "")).isEmpty();
    }

    @Test
    void whatWouldBeReadTwiceIsOneRange() {
        assertThat(NameRange.readable(key(List.of("read:room:a", "read:room:*", "read:room:a*", "read:room:*")), ""))
                .containsExactly(NameRange.beginningWith("room:"));
        assertThat(NameRange.readable(key(List.of("read:*")), "room:a"))
                .containsExactly(NameRange.beginningWith("room:a"));
    }
}
