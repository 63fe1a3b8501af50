package dev.tutti.postgres;

import dev.tutti.postgres.sql.Sql;
import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/** Lists streams, and deletes events before their time. Each statement is a transaction of its own. Blocks. */
record StreamTable(ConnectionLender connections) {
    static final Sql LIST = Sql.resource(StreamTable.class, "stream/list");

    private static final Sql DELETE = Sql.resource(StreamTable.class, "stream/delete");

    /** As {@link dev.tutti.stream.ListingStreamStore#list} has it. */
    List<StreamHead> list(String from, String before, int limit) {
        Map<String, Object> parameters = Map.of("from", from, "before", before, "limit", limit);
        return connections.run(connection -> LIST.list(connection, StreamTable::head, parameters));
    }

    private static StreamHead head(ResultSet row) throws SQLException {
        return new StreamHead(new StreamName(row.getString("name")), row.getLong("head"), Sql.instant(row, "at"));
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
        return connections
                .run(connection -> DELETE.first(connection, row -> row.getInt("deleted"), parameters))
                .orElse(0);
    }
}
