package dev.tutti.postgres.replica;

import dev.tutti.postgres.sql.Sql;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A place in the log of the primary. Everything that was committed, and said to be, lies before the end of the flushed log.
 *
 * @param timeline which history of the database it is of: each failover begins another one
 * @param lsn the byte
 */
record WalPosition(int timeline, long lsn) {
    private static final int HEXADECIMAL = 16;
    private static final int TIMELINE_DIGITS = 8;
    private static final Sql SQL = new Sql("""
            select pg_walfile_name(wal.lsn) as file, wal.lsn - '0/0'::pg_lsn as lsn
            from (select pg_current_wal_flush_lsn() as lsn) wal
            """);

    /** The end of the log of the primary behind {@code connection}. */
    static WalPosition end(Connection connection) throws SQLException {
        return SQL.first(connection, WalPosition::read).orElseThrow();
    }

    /** The position in a row which has {@code file}, whose name begins with the timeline, and {@code lsn}. */
    static WalPosition read(ResultSet row) throws SQLException {
        String timeline = row.getString("file").substring(0, TIMELINE_DIGITS);
        return new WalPosition(Integer.parseUnsignedInt(timeline, HEXADECIMAL), row.getLong("lsn"));
    }
}
