package dev.tutti.stream;

import java.sql.Connection;
import java.util.List;

/** A store whose appends can be part of the caller's own transaction. */
public interface TransactionalStreamStore extends StreamStore {
    /**
     * As {@link #append(List)}, within the transaction that is open on {@code transaction}; the events exist when the
     * caller commits. The streams stay locked until then, so the transaction should be short; transactions that append
     * more than once may deadlock, and one of them then fails.
     *
     * @throws IllegalArgumentException if {@code transaction} commits by itself
     */
    List<Appended> append(Connection transaction, List<Append> appends);
}
