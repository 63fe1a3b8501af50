package dev.tutti.stream;

import java.sql.Connection;
import java.util.List;

/** A store whose appends can be part of the caller's own transaction. */
public interface TransactionalStreamStore extends StreamStore {
    /**
     * Appends as {@link #append(List)} does, within the transaction that is open on {@code transaction}. The events exist when the caller
     * commits. The streams stay locked until then, so keep the transaction short. Transactions that append more than once may deadlock;
     * then one of them fails.
     *
     * @throws IllegalArgumentException if {@code transaction} is in auto-commit mode
     */
    List<Appended> append(Connection transaction, List<Append> appends);
}
