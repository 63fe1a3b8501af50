package dev.tutti.postgres;

import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Lists streams, and deletes events before their time. Each statement is a transaction of its own. Blocks. */
record StreamTable(ConnectionLender connections) {
    static final SqlResource LIST = SqlResource.of("stream/list");

    private static final SqlResource DELETE = SqlResource.of("stream/delete");

    /** As {@link dev.tutti.stream.ListingStreamStore#list} has it. */
    List<StreamHead> list(String from, String before, int limit) {
        Map<String, Object> parameters = Map.of("from", from, "before", before, "limit", limit);
        return connections.run(connection -> {
            List<StreamHead> heads = new ArrayList<>();
            try (PreparedStatement statement = LIST.prepare(connection, connections.timeoutSeconds(), parameters);
                    ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    heads.add(new StreamHead(
                            new StreamName(rows.getString("name")), rows.getLong("head"), instant(rows)));
                }
            }
            return heads;
        });
    }

    /** As {@link DeletingStreamStore#delete} has it. */
    int delete(StreamName stream, long through) {
        Map<String, Object> parameters = Map.of(
                "kind",
                stream.kind(),
                "name",
                stream.value(),
                "through",
                through,
                "most",
                DeletingStreamStore.MAX_DELETED);
        return connections.run(connection -> {
            try (PreparedStatement statement = DELETE.prepare(connection, connections.timeoutSeconds(), parameters);
                    ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getInt("deleted") : 0;
            }
        });
    }

    /** The time in column {@code at}. */
    static Instant instant(ResultSet rows) throws SQLException {
        return rows.getObject("at", OffsetDateTime.class).toInstant();
    }
}
