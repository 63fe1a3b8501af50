package dev.tutti.session;

import dev.tutti.TuttiException;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Attributes of sessions, the same at all instances: JSON values (boolean, number, string, list, map) by name. They are removed when their
 * session has ended, and when it was not used for the configured time. A session may have {@value AttributeStore#MAX_NAMES} attributes, of
 * {@value AttributeStore#MAX_BYTES} bytes in all.
 *
 * <p>Use attributes only for data that may be lost: if they are stored in Redis they are lost with it. This interface does not check that a
 * session exists: the caller knows it from a {@code Principal}. Safe for use by many threads; blocks, for at most about a second.
 *
 * <p>All methods except {@link #end} throw {@link TuttiException} with {@code UNAVAILABLE} while the store is unavailable, {@code
 * OVERLOADED} if too many callers wait for it, and {@code UNSUPPORTED} if no backend stores attributes.
 */
public interface Sessions {
    /** The attributes of the session with this id, empty if there are none. The call counts as a use of the session. */
    Map<String, Object> attributes(String session);

    /**
     * The same for a session that ends at a fixed time, however often it is used.
     *
     * @param left the time until its end, at least 1 ms; if the configured time is less, that one applies
     */
    Map<String, Object> attributes(String session, Duration left);

    /**
     * Sets the attributes in {@code changes}, and removes those whose value there is null. The other attributes do not change. Returns all.
     * Simultaneous changes of different names are all kept; of the same name the last one counts.
     *
     * @param changes values by names, which have 1 to 64 characters of {@code A-Z a-z 0-9 . _ -}
     * @throws TuttiException with {@code LIMIT_REACHED} if the session would have too much; then nothing has changed. With
     *     {@code BAD_REQUEST} if a name is not allowed
     */
    Map<String, Object> change(String session, Map<String, @Nullable Object> changes);

    /**
     * The same for a session with a lower bound of bytes, which also holds for simultaneous changes, and which ends at a fixed time,
     * however often it is used.
     *
     * @param mostBytes the most bytes of names and encrypted values in all; more than {@value AttributeStore#MAX_BYTES} counts as that
     * @param left the time until its end, at least 1 ms; if the configured time is less, that one applies
     */
    Map<String, Object> change(String session, Map<String, @Nullable Object> changes, int mostBytes, Duration left);

    /**
     * Removes the attributes of a session that has ended, soon. Does not block and does not fail: attributes that it cannot remove expire.
     */
    void end(String session);
}
