package dev.tutti.socket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message that a client sent: an event's name and its arguments, as null, {@link Boolean}, {@link Number}, {@link
 * String}, {@link List}, {@link Map} and {@code byte[]}.
 */
public interface Message {
    /** The name; a number as text. */
    String event();

    /** All arguments. */
    List<@Nullable Object> arguments();

    /** Whether the client waits for {@link #reply}. */
    boolean wantsReply();

    /**
     * Acknowledges, at most once; without effect if the client did not ask for it. Nothing else acknowledges: a client whose
     * handler does not reply waits until its own time-out.
     *
     * @throws dev.tutti.TuttiException as {@link Emitter#emit} does; then nothing was sent
     */
    void reply(Object... data);

    /**
     * Argument {@code index} as a string.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if it is something else
     */
    String text(int index);

    /**
     * Argument {@code index} as {@code type}, a record in general, converted by Jackson.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if it does not fit
     */
    <T> T as(int index, Class<T> type);
}
