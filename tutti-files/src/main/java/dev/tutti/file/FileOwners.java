package dev.tutti.file;

import java.sql.Connection;
import java.sql.SQLException;

/** Those who may have files: nothing is kept for somebody who was deleted. To be safe for use by many threads. */
@FunctionalInterface
public interface FileOwners {
    /** Everybody, for good. */
    FileOwners ANYBODY = (_, _) -> true;

    /** Keeps {@code owner} from being deleted until the transaction of {@code connection} ends; false if that was done before. */
    boolean hold(Connection connection, String owner) throws SQLException;
}
