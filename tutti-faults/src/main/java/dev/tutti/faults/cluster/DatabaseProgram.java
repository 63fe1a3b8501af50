package dev.tutti.faults.cluster;

import dev.tutti.embedded.EmbeddedDatabase;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A program with a connection of its own to PostgreSQL, which connects again when that was away. For one thread at a time. */
public final class DatabaseProgram implements AutoCloseable {
    /** A piece of work on the connection. */
    public interface Work<T> {
        T on(Connection connection) throws SQLException;
    }

    private final EmbeddedDatabase database;
    private final String name;
    private final Work<?> setup;
    private @Nullable Connection connection;

    /** One that is called {@code name} in PostgreSQL, and does {@code setup} first on each connection. */
    DatabaseProgram(EmbeddedDatabase database, String name, Work<?> setup) {
        this.database = database;
        this.name = name;
        this.setup = setup;
    }

    /** A connection for a program that is called {@code name}, whose statements fail when they take ten seconds. */
    static Connection connect(EmbeddedDatabase database, String name) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("user", database.user());
        properties.setProperty("password", database.password());
        properties.setProperty("ApplicationName", name);
        properties.setProperty("socketTimeout", "10");
        return DriverManager.getConnection(database.jdbcUrl(), properties);
    }

    /** The answer of {@code work}; empty if PostgreSQL is away, and then it is not known whether the work was done. */
    public <T> Optional<T> does(Work<T> work) {
        try {
            Connection current = connection;
            if (current == null) {
                current = connect(database, name);
                connection = current;
                setup.on(current);
            }
            return Optional.of(work.on(current));
        } catch (SQLException lost) {
            close();
            return Optional.empty();
        }
    }

    @Override
    public void close() {
        Connection last = connection;
        connection = null;
        if (last != null) {
            try {
                last.close();
            } catch (SQLException gone) {
                // as it shall be
            }
        }
    }
}
