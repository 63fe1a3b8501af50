package dev.tutti.postgres.sql;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement, its parameters by position, or by name if it is from a {@link #resource}. It may take what the connection's {@link
 * NetworkBound} leaves it. One that commits by itself fails if its commit was not awaited, see {@link CommitWarning}. Immutable.
 *
 * <p>Values are what JDBC takes; collections of strings and of longs, {@code String[]}, {@code byte[][]} and {@code Double[]} are arrays.
 *
 * @param text with question marks, as JDBC wants it
 * @param parameters the name of each question mark's value; none where values are given by position alone
 * @param seconds how long it may take at most, if the connection leaves it that long; 0 for no limit of its own
 */
public record Sql(String text, List<String> parameters, int seconds) {
    private static final Pattern COMMENT = Pattern.compile("--.*");
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");
    private static final @Nullable Object[] BY_NAME = {};

    /** Makes a value of a row. */
    @FunctionalInterface
    public interface Row<T> {
        /** The value of the row on which {@code rows} stands. */
        T read(ResultSet rows) throws SQLException;
    }

    public Sql {
        if (seconds < 0) {
            throw new IllegalArgumentException("a statement's limit is " + seconds + " s; allowed are 0 and more");
        }
        parameters = List.copyOf(parameters);
    }

    /** The statement {@code text}, its parameters by position, without a limit of its own. */
    public Sql(String text) {
        this(text, List.of(), 0);
    }

    /**
     * The statement in {@code <path>.sql}, its parameters by name, as in {@code :name}, without a limit of its own. Comments begin with
     * two dashes.
     *
     * @param path without an ending; relative to the package of {@code beside}
     * @throws IllegalStateException if there is no such file
     */
    public static Sql resource(Class<?> beside, String path) {
        String file = path + ".sql";
        try (@Nullable InputStream stream = beside.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("there is no " + file + " beside " + beside.getName());
            }
            return parsed(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Sql parsed(String source) {
        List<String> parameters = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(COMMENT.matcher(source).replaceAll(""));
        String text = matcher.replaceAll(found -> {
            parameters.add(found.group(1));
            return "?";
        });
        return new Sql(text.strip(), parameters, 0);
    }

    /** The same, which may take {@code limit} seconds at most, also on a connection that would leave it longer. */
    public Sql within(int limit) {
        return new Sql(text, parameters, limit);
    }

    /** All rows, with values by position. */
    public <T> List<T> list(Connection connection, Row<T> row, @Nullable Object... values) throws SQLException {
        return all(prepare(connection, null, values), row);
    }

    /** All rows, with values by name. */
    public <T> List<T> list(Connection connection, Row<T> row, Map<String, Object> values) throws SQLException {
        return all(prepare(connection, values), row);
    }

    private static <T> List<T> all(PreparedStatement prepared, Row<T> row) throws SQLException {
        try (PreparedStatement statement = prepared;
                ResultSet rows = query(statement)) {
            List<T> found = new ArrayList<>();
            while (rows.next()) {
                found.add(row.read(rows));
            }
            return found;
        }
    }

    /** The first row, with values by position. */
    public <T> Optional<T> first(Connection connection, Row<T> row, @Nullable Object... values) throws SQLException {
        return one(prepare(connection, null, values), row);
    }

    /** The first row, with values by name. */
    public <T> Optional<T> first(Connection connection, Row<T> row, Map<String, Object> values) throws SQLException {
        return one(prepare(connection, values), row);
    }

    private static <T> Optional<T> one(PreparedStatement prepared, Row<T> row) throws SQLException {
        try (PreparedStatement statement = prepared;
                ResultSet rows = query(statement)) {
            return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
        }
    }

    /** Changes rows, and says how many, with values by position. */
    public int update(Connection connection, @Nullable Object... values) throws SQLException {
        return changed(prepare(connection, null, values));
    }

    /** Changes rows, and says how many, with values by name. */
    public int update(Connection connection, Map<String, Object> values) throws SQLException {
        return changed(prepare(connection, values));
    }

    private static int changed(PreparedStatement prepared) throws SQLException {
        try (PreparedStatement statement = prepared) {
            int updated = statement.executeUpdate();
            CommitWarning.requireNone(statement);
            return updated;
        }
    }

    /**
     * The statement on {@code connection}, with values by name, for those who make one value of many rows. They run it by
     * {@link #query}; one that runs otherwise counts as done though its commit was not awaited.
     *
     * @throws IllegalArgumentException if a parameter has no value
     */
    public PreparedStatement prepare(Connection connection, Map<String, Object> values) throws SQLException {
        return prepare(connection, values, BY_NAME);
    }

    /** Runs {@code statement}, which answers rows, and fails if it committed by itself and that was not awaited. */
    public static ResultSet query(PreparedStatement statement) throws SQLException {
        ResultSet rows = statement.executeQuery();
        CommitWarning.requireNone(statement);
        return rows;
    }

    /** A timestamp column. */
    public static Instant instant(ResultSet rows, String column) throws SQLException {
        return rows.getObject(column, OffsetDateTime.class).toInstant();
    }

    private PreparedStatement prepare(
            Connection connection, @Nullable Map<String, Object> named, @Nullable Object[] positional)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            statement.setQueryTimeout(NetworkBound.statementSeconds(connection, seconds));
            int values = named == null ? positional.length : parameters.size();
            for (int i = 0; i < values; i++) {
                bind(connection, statement, i + 1, named == null ? positional[i] : value(named, parameters.get(i)));
            }
            return statement;
        } catch (SQLException | RuntimeException failure) {
            statement.close();
            throw failure;
        }
    }

    private static Object value(Map<String, Object> values, String name) {
        Object value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("no value for :" + name);
        }
        return value;
    }

    private static void bind(Connection connection, PreparedStatement statement, int place, @Nullable Object value)
            throws SQLException {
        switch (value) {
            case String[] texts -> statement.setArray(place, connection.createArrayOf("text", texts));
            case byte[][] contents -> statement.setArray(place, connection.createArrayOf("bytea", contents));
            case Double[] numbers -> statement.setArray(place, connection.createArrayOf("float8", numbers));
            case Collection<?> many -> statement.setArray(place, connection.createArrayOf(type(many), many.toArray()));
            case null, default -> statement.setObject(place, value);
        }
    }

    private static String type(Collection<?> values) {
        return values.stream().anyMatch(Long.class::isInstance) ? "bigint" : "text";
    }
}
