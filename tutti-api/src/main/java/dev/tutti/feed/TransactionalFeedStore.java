package dev.tutti.feed;

import java.sql.Connection;

/** A store in which publishing can be part of the caller's own transaction. */
public interface TransactionalFeedStore extends FeedStore {
    /**
     * Publishes as {@link #put(FeedState, String)} does, within the transaction that is open on {@code transaction}.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     */
    FeedUpdate put(Connection transaction, FeedState state, String instance);
}
