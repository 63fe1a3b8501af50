package dev.tutti.socket;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message from a client or another instance: the name of an event and its arguments, which are null, {@link Boolean}, {@link Number},
 * {@link String}, {@link List}, {@link Map} or {@code byte[]}.
 */
public interface Message {
    /** The name of the event; a name that was sent as a number is converted to text. */
    String event();

    /** All arguments. */
    List<@Nullable Object> arguments();

    /** Whether the sender asks for an acknowledgement and has not got one. */
    boolean wantsReply();

    /**
     * Acknowledges the message with {@code data}. Only the first call has an effect, and none if the sender did not ask for an
     * acknowledgement. Without a call the client waits until its own time-out.
     *
     * @throws dev.tutti.TuttiException as {@link Emitter#emit} does; then nothing was sent
     */
    void reply(Object... data);

    /**
     * Argument {@code index} as a string.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the argument is missing or not a string
     */
    String text(int index);

    /**
     * Argument {@code index}, converted to {@code type} by Jackson; the type is usually a record.
     *
     * @throws dev.tutti.TuttiException with {@link dev.tutti.ErrorCode#BAD_REQUEST} if the argument cannot be converted
     */
    <T> T as(int index, Class<T> type);
}
