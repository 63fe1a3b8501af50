package dev.tutti.session;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Stores attributes of sessions. It cannot read them: it knows sessions by digests, and values are sealed. Each method is atomic. It first
 * moves attributes that are stored under other names of the session to the first name. Safe for use by many threads; blocks, for at most
 * about a second.
 *
 * <p>All methods throw {@link TuttiException} with {@code UNAVAILABLE} if the store is unavailable, and with {@code OVERLOADED} if too
 * many callers wait for it.
 */
public interface AttributeStore {
    /** The most attributes of a session. */
    int MAX_NAMES = 100;

    /** The most bytes of all attributes of a session: names and sealed values. */
    int MAX_BYTES = 32_768;

    /** The number of parts into which sessions are divided. */
    int PARTS = 1_024;

    /**
     * The identity of a session in the store.
     *
     * @param part 0 to {@value #PARTS} - 1; it does not depend on the secrets
     * @param names the present name, and then other names that it may have from other secrets; 1 or more
     */
    record Key(int part, List<String> names) {
        public Key {
            names = List.copyOf(names);
            if (part < 0 || part >= PARTS || names.isEmpty()) {
                throw new IllegalArgumentException("a session in part " + part + " with " + names.size() + " names");
            }
        }
    }

    /** All attributes of the session, empty if there are none. They are kept for {@code ttl} from now on. */
    Map<String, byte[]> read(Key session, Duration ttl);

    /**
     * Sets some attributes and removes others, and keeps all for {@code ttl} from now on. No name is in both {@code set} and {@code
     * removed}. Returns false, and changes nothing, if it would set any, and the session would have more than {@link #MAX_NAMES}
     * attributes, or names and values of more than {@code mostBytes} in all.
     *
     * @param mostBytes at most {@link #MAX_BYTES}
     */
    boolean change(Key session, Map<String, byte[]> set, Set<String> removed, int mostBytes, Duration ttl);

    /** Sets each of {@code values} whose name still has the value in {@code known}; each name has an entry there. */
    void replace(Key session, Map<String, byte[]> known, Map<String, byte[]> values);

    /** Removes all attributes of the session. */
    void remove(Key session);
}
