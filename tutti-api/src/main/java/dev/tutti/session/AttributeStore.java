package dev.tutti.session;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Keeps attributes of sessions, which it cannot read: sessions are known by digests, and values are sealed. Each method is atomic,
 * and begins by moving what is under other names of the session to its first one. Safe for use by many threads; blocks, for about
 * a second at most.
 *
 * <p>All methods throw {@link TuttiException} with {@code UNAVAILABLE} if the store is away, and with {@code OVERLOADED} if too many
 * wait for it.
 */
public interface AttributeStore {
    /** How many attributes a session may have. */
    int MAX_NAMES = 100;

    /** How long all of a session's may be: names and sealed values, in bytes. */
    int MAX_BYTES = 32_768;

    /** How many parts sessions are divided into. */
    int PARTS = 1_024;

    /**
     * How the store knows a session.
     *
     * @param part 0 to {@value #PARTS} - 1, the same whatever the secrets are
     * @param names the one that it shall have, and then others that it may have, from other secrets; 1 or more
     */
    record Key(int part, List<String> names) {
        public Key {
            names = List.copyOf(names);
            if (part < 0 || part >= PARTS || names.isEmpty()) {
                throw new IllegalArgumentException("a session in part " + part + " with " + names.size() + " names");
            }
        }
    }

    /** All attributes of the session, which are kept for {@code ttl} from now on; empty if there are none. */
    Map<String, byte[]> read(Key session, Duration ttl);

    /**
     * Sets some and removes some, neither in both, keeps all for {@code ttl} from now on, and says whether it has: not if it
     * sets any and there would be more than {@link #MAX_NAMES}, or names and values of more than {@code mostBytes} in all.
     *
     * @param mostBytes at most {@link #MAX_BYTES}
     */
    boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl);

    /** Sets those of {@code values} whose names are still as they are {@code known}; each has one there. */
    void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values);

    /** Removes all of the session's. */
    void remove(Key session);
}
