package dev.tutti.postgres.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement, its parameters by position. It may take what the connection's {@link NetworkBound} leaves it. Immutable.
 */
public record Sql(String text) {
    /** Makes a value of a row. */
    @FunctionalInterface
    public interface Row<T> {
        /** The value of the row on which {@code rows} stands. */
        T read(ResultSet rows) throws SQLException;
    }

    /** All rows. Parameters are what JDBC takes, and collections of strings and of longs as arrays. */
    public <T> List<T> list(Connection connection, Row<T> row, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, parameters);
                ResultSet rows = query(statement)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.read(rows));
            }
            return found;
        }
    }

    /** The first row. */
    public <T> Optional<T> first(Connection connection, Row<T> row, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(connection, parameters);
                ResultSet rows = query(statement)) {
            return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
        }
    }

    /** Changes rows, and says how many. */
    public int update(Connection connection, @Nullable Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(connection, parameters)) {
            int updated = statement.executeUpdate();
            CommitWarning.requireNone(statement);
            return updated;
        }
    }

    private static ResultSet query(PreparedStatement statement) throws SQLException {
        ResultSet rows = statement.executeQuery();
        CommitWarning.requireNone(statement);
        return rows;
    }

    /** A timestamp column. */
    public static Instant instant(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private PreparedStatement prepare(Connection connection, @Nullable Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            statement.setQueryTimeout(NetworkBound.statementSeconds(connection, 0));
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, value(connection, parameters[i]));
            }
            return statement;
        } catch (SQLException | RuntimeException failure) {
            statement.close();
            throw failure;
        }
    }

    private static @Nullable Object value(Connection connection, @Nullable Object parameter) throws SQLException {
        return switch (parameter) {
            case Collection<?> values ->
                connection.createArrayOf(
                        values.stream().anyMatch(Long.class::isInstance) ? "bigint" : "text", values.toArray());
            case null, default -> parameter;
        };
    }
}
