package dev.tutti.testkit.client;

import java.util.List;

/**
 * A client that stays connected: it reconnects to one of the instances after each end of its connection. It receives events and can send.
 */
public interface Client extends AutoCloseable {
    /** The account of the client. */
    Account account();

    /** Everything that was delivered to the client. */
    ClientDeliveries seen();

    /** The streams that are delivered to the client. It also sends to them if {@link #speaks}. */
    List<String> streams();

    /** Whether the client sends. A client that does not send is disconnected from time to time. */
    default boolean speaks() {
        return true;
    }

    /** Ends the times without a connection: from now on the client is always connected. */
    default void stay() {}

    /** Begins to connect, in the background. */
    void open();

    /** Sends one message, and waits for the answer for some seconds at most. */
    Outcome send(String stream, String id) throws InterruptedException;

    /** The key of this client's message {@code id} in the log. */
    default String key(String id) {
        return account().id() + "." + id;
    }

    @Override
    void close();
}
