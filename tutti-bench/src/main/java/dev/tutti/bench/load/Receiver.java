package dev.tutti.bench.load;

/** The receiver of all that comes over a load client's connections. Called on the load client's one event loop. */
interface Receiver {
    /** Whether the content of the frames of the connection with this number is wanted. */
    default boolean keeps(int connection) {
        return false;
    }

    /** A connection said all that its dialect asks for. */
    default void onReady(Connection connection) {}

    /** A data frame came. {@code content} holds it if it was wanted; it is only valid until this returns. */
    void onFrame(Connection connection, int length, byte[] content);
}
