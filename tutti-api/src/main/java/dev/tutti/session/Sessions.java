package dev.tutti.session;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of sessions, the same at all instances: values of JSON (boolean, number, string, list, map) by name. They end with
 * their session, and when it was not used for the time set. A session may have {@value AttributeStore#MAX_NAMES} of them, of
 * {@value AttributeStore#MAX_BYTES} bytes in all.
 *
 * <p>They are for what may be lost: where they are in Redis they are lost with it. Which sessions exist is not asked: the caller knows
 * that from a {@code Principal}. Safe for use by many threads; blocks, for about a second at most.
 *
 * <p>All methods but {@link #end} throw {@link TuttiException} with {@code UNAVAILABLE} while the store is away, {@code OVERLOADED} if
 * too many wait for it, and {@code UNSUPPORTED} if no backend keeps attributes.
 */
public interface Sessions {
    /** The attributes of the session with that id, which is used by this; empty if there are none. */
    Map<String, Object> attributes(String session);

    /**
     * The same of a session that ends by itself, however often it is used.
     *
     * @param left after which it ends, 1 ms and more; the time set counts if that is less
     */
    Map<String, Object> attributes(String session, Duration left);

    /**
     * Sets the attributes that {@code changes} names, or removes those whose value is null there, leaves the others as they
     * are, and answers all. Changes at the same time lose nothing unless they are about the same name; of these the last one counts.
     *
     * @param changes by names of 1 to 64 of {@code A-Z a-z 0-9 . _ -}
     * @throws TuttiException with {@code LIMIT_REACHED} if there would be too many, and then nothing has changed, or with
     *     {@code BAD_REQUEST} if a name is not allowed
     */
    Map<String, Object> change(String session, Map<String, @Nullable Object> changes);

    /**
     * The same for a session that may have less, however many changes come at the same time, and that ends by itself, however often it is
     * used.
     *
     * @param mostBytes of names and encrypted values, in all; more than {@value AttributeStore#MAX_BYTES} counts as that
     * @param left after which it ends, 1 ms and more; the time set counts if that is less
     */
    Map<String, Object> change(String session, Map<String, @Nullable Object> changes, int mostBytes, Duration left);

    /** Forgets the attributes of a session that has ended, soon. Does not block, and does not fail: what is not reached runs out. */
    void end(String session);
}
