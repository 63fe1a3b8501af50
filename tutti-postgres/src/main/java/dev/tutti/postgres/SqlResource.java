package dev.tutti.postgres;

import dev.tutti.postgres.sql.NetworkBound;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One SQL statement out of a resource file, with named parameters. Immutable.
 *
 * @param text with question marks, as JDBC wants it
 * @param parameters what each question mark stands for
 */
record SqlResource(String text, List<String> parameters) {
    private static final Pattern COMMENT = Pattern.compile("--.*");
    private static final Pattern PARAMETER = Pattern.compile("(?<!:):([a-z_]+)");

    /** The statement in {@code <path>.sql}. */
    static SqlResource of(String path) {
        String file = path + ".sql";
        try (@Nullable InputStream stream = SqlResource.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("there is no " + file);
            }
            return parse(new String(stream.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SqlResource parse(String source) {
        List<String> parameters = new ArrayList<>();
        Matcher matcher = PARAMETER.matcher(COMMENT.matcher(source).replaceAll(""));
        String text = matcher.replaceAll(found -> {
            parameters.add(found.group(1));
            return "?";
        });
        return new SqlResource(text.strip(), List.copyOf(parameters));
    }

    /**
     * The statement on {@code connection}, with its parameters; {@code String[]}, {@code byte[][]} and {@code Double[]} are arrays. It
     * may take {@code timeoutSeconds}, or what the connection's {@link NetworkBound} leaves it.
     */
    PreparedStatement prepare(Connection connection, int timeoutSeconds, Map<String, Object> values)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(text);
        try {
            statement.setQueryTimeout(NetworkBound.statementSeconds(connection, timeoutSeconds));
            for (int i = 0; i < parameters.size(); i++) {
                @Nullable Object value = values.get(parameters.get(i));
                switch (value) {
                    case String[] texts -> statement.setArray(i + 1, array(connection, "text", texts));
                    case byte[][] contents -> statement.setArray(i + 1, array(connection, "bytea", contents));
                    case Double[] numbers -> statement.setArray(i + 1, array(connection, "float8", numbers));
                    case null -> throw new IllegalArgumentException("no value for :" + parameters.get(i));
                    default -> statement.setObject(i + 1, value);
                }
            }
            return statement;
        } catch (SQLException | RuntimeException e) {
            statement.close();
            throw e;
        }
    }

    private static Array array(Connection connection, String type, Object[] elements) throws SQLException {
        return connection.createArrayOf(type, elements);
    }
}
