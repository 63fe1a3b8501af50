package dev.tutti.faults.client;

import java.util.List;

/** Somebody who is connected, again and again, to one instance or another, receives, and can send. */
public interface Client extends AutoCloseable {
    /** Who it is. */
    Account account();

    /** What it has been given. */
    Seen seen();

    /** The streams it sends to. */
    List<String> streams();

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
