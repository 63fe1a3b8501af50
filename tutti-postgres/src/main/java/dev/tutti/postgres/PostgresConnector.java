package dev.tutti.postgres;

import java.sql.SQLException;
import org.postgresql.ds.PGSimpleDataSource;

/** Opens connections, each a new one. Safe for use by many threads; blocks. */
class PostgresConnector extends PGSimpleDataSource {
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
        // The statement's own limit comes first; this one is for a server that is gone without a word.
        prefer(url, "socketTimeout", Long.toString(settings.statement().toSeconds() + 10));
        prefer(url, "tcpKeepAlive", "true");
        prefer(url, "reWriteBatchedInserts", "true");
        if (settings.pooled()) {
            prefer(url, "prepareThreshold", "0");
        }
    }

    /** What the URL says comes first. */
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
