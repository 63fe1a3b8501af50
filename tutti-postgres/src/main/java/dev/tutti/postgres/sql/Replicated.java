package dev.tutti.postgres.sql;

import java.util.Optional;
import javax.sql.DataSource;

/** A database that may have a replica. */
public interface Replicated {
    /** The replica; always the same. */
    Optional<Replica> replica();

    /** The replica of {@code database}, if it is one that has one. */
    static Optional<Replica> of(DataSource database) {
        return database instanceof Replicated replicated ? replicated.replica() : Optional.empty();
    }
}
