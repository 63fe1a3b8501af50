package dev.tutti.postgres.replica;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.Optional;

/**
 * The status of the primary: the end of its log, and this instance's last heartbeat there.
 *
 * @param system the identifier that initdb gave, which its replicas have, too
 * @param position where its log ends
 * @param heartbeat this instance's last heartbeat
 */
record PrimaryStatus(String system, WalPosition position, Optional<Instant> heartbeat) {
    private static final Sql SQL = new Sql("""
            select (select system_identifier::text from pg_control_system()) as system,
                   pg_walfile_name(wal.lsn) as file, wal.lsn - '0/0'::pg_lsn as lsn,
                   (select max(heartbeat) from tutti.instance where sessions = ?) as heartbeat
            from (select pg_current_wal_flush_lsn() as lsn) wal
            """);

    /** The status of the server behind {@code connection}; {@code sessions} is the name of this instance's sessions. */
    static PrimaryStatus of(Connection connection, String sessions) throws SQLException {
        return SQL.first(
                        connection,
                        row -> new PrimaryStatus(
                                row.getString("system"),
                                WalPosition.read(row),
                                Optional.ofNullable(row.getObject("heartbeat", OffsetDateTime.class))
                                        .map(OffsetDateTime::toInstant)),
                        sessions)
                .orElseThrow();
    }
}
