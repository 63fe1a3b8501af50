package dev.tutti.testkit.client;

import java.util.List;

/** A client that is connected, again and again, to one instance or another, receives, and can send. */
public interface Client extends AutoCloseable {
    /** The account that it has. */
    Account account();

    /** Everything that it has been given. */
    ClientDeliveries seen();

    /** The streams that it is given; it sends to them too, if it {@link #speaks}. */
    List<String> streams();

    /** Whether somebody shall send through it; else it is not always connected. */
    default boolean speaks() {
        return true;
    }

    /** From now on it is always connected. */
    default void stay() {}

    /** Begins to connect. */
    void open();

    /** Sends one message and waits for the answer, for some seconds at most. */
    Outcome send(String stream, String id) throws InterruptedException;

    /** The key that its message {@code id} has in the log. */
    default String key(String id) {
        return account().id() + "." + id;
    }

    @Override
    void close();
}
