package dev.tutti.postgres;

import dev.tutti.postgres.sql.NetworkBound;
import java.sql.Connection;
import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Opens connections, each a new one: a server that accepts and then is silent is given up within some seconds, and what is opened has the
 * {@link NetworkBound} of the limit for statements, unless the URL has a {@code socketTimeout}. Safe for use by many threads; blocks.
 */
class PostgresConnector extends PGSimpleDataSource {
    /**
     * Has the server end the session of a client that vanished without a word after some 15 s, not after two hours: it counts as one of
     * those that there may be until then. Over a Unix socket, where nothing vanishes, this does nothing.
     */
    static final String KEEPALIVE = "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 5;"
            + " set tcp_keepalives_count = 2; set tcp_user_timeout = 15000";

    private static final String SOCKET_TIMEOUT = "socketTimeout";
    private static final int OPENING_SECONDS = 5; // for each answer
    private static final int CANCEL_SECONDS = 2; // to tell the server, for which the one whose statement it is waits

    private final int boundMillis;

    PostgresConnector(PostgresPoolSettings settings) {
        PostgresAddress address = settings.address();
        address.requireProtection("DATABASE_URL");
        setUrl(address.jdbcUrl());
        if (!address.user().isEmpty()) {
            setUser(address.user());
        }
        if (!address.password().isEmpty()) {
            setPassword(address.password());
        }
        String url = address.jdbcUrl();
        prefer(url, "ApplicationName", settings.sessions());
        prefer(
                url,
                "connectTimeout",
                Long.toString(Math.max(2, settings.acquire().toSeconds())));
        prefer(url, SOCKET_TIMEOUT, Integer.toString(OPENING_SECONDS));
        prefer(url, "cancelSignalTimeout", Integer.toString(CANCEL_SECONDS));
        prefer(url, "tcpKeepAlive", "true");
        prefer(url, "reWriteBatchedInserts", "true");
        if (settings.pooled()) {
            prefer(url, "prepareThreshold", "0");
        }
        boundMillis = url.contains(SOCKET_TIMEOUT + "=") ? 0 : NetworkBound.millis(settings.statement());
    }

    @Override
    public Connection getConnection() throws SQLException {
        Connection connection = super.getConnection();
        if (boundMillis > 0) {
            connection.setNetworkTimeout(Runnable::run, boundMillis); // fails on a closed connection alone
        }
        return connection;
    }

    /** Sets a property, unless the URL has it: the URL comes first. */
    private void prefer(String url, String name, String value) {
        if (!url.contains(name + "=")) {
            try {
                setProperty(name, value);
            } catch (SQLException unknown) {
                throw new IllegalArgumentException("the driver does not know " + name, unknown);
            }
        }
    }
}
