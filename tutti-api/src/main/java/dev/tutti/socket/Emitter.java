package dev.tutti.socket;

/**
 * Says who shall get a message, and sends it. Immutable: each method gives a narrowed copy. What is sent this way is
 * delivered at most once: a client that is away at that moment misses it, one that reads slower than its queue's hard
 * bound is disconnected. What must not be lost is appended to a stream instead.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public interface Emitter {
    /** Those in {@code room}; called again, those in that room as well. */
    Emitter to(String room);

    /** Not those in {@code room}. A socket's id is a room of its own. */
    Emitter except(String room);

    /** May be dropped for those who are not ready to receive at once. */
    Emitter ephemeral();

    /**
     * Sends {@code event} with {@code data}: null, booleans, numbers, strings, lists, maps, records and other values that
     * Jackson writes, {@link dev.tutti.stream.Json}, and byte arrays, also nested in lists and maps, as binary.
     */
    void emit(String event, Object... data);

    /** Disconnects them, with {@link DisconnectReason#SERVER}. */
    void disconnect();
}
