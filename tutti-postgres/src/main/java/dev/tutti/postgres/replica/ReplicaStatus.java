package dev.tutti.postgres.replica;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The status of a replica: how much of the log it has replayed, and this instance's last heartbeat there.
 *
 * @param system the identifier that initdb gave, which its primary has, too
 * @param recovering whether it follows another server
 * @param replayed up to which byte of the log it has what the primary had committed
 * @param heartbeat this instance's last heartbeat there
 */
record ReplicaStatus(String system, boolean recovering, long replayed, Optional<Instant> heartbeat) {
    private static final Sql SQL = new Sql("""
            select (select system_identifier::text from pg_control_system()) as system,
                   pg_is_in_recovery() as recovering,
                   coalesce(pg_last_wal_replay_lsn() - '0/0'::pg_lsn, -1) as replayed,
                   (select max(heartbeat) from tutti.instance where sessions = ?) as heartbeat
            """);

    /** The status of the server behind {@code connection}; {@code sessions} is the name of this instance's sessions. */
    static ReplicaStatus of(Connection connection, String sessions) throws SQLException {
        return SQL.first(
                        connection,
                        row -> new ReplicaStatus(
                                row.getString("system"),
                                row.getBoolean("recovering"),
                                row.getLong("replayed"),
                                Optional.ofNullable(row.getObject("heartbeat", OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)),
                        sessions)
                .orElseThrow();
    }
}
