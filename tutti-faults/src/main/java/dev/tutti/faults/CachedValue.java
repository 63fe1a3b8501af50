package dev.tutti.faults;

import dev.tutti.cache.Cache;
import dev.tutti.cache.CacheSettings;
import dev.tutti.cache.Caches;
import dev.tutti.cache.Loaded;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import javax.sql.DataSource;

/**
 * The bench's cache: values that somebody else changes in the database, and says so at one of the instances. They are kept for so
 * long that one which is not dropped is seen. Safe for use by many threads.
 */
final class CachedValue {
    private static final Duration LONG = Duration.ofHours(1);
    private static final String FIND = "select value from faults_value where key = ?";

    private final DataSource database;
    private final Cache<Long> values;

    CachedValue(DataSource database, Caches caches) {
        this.database = database;
        this.values = caches.cache("faults", settings(caches), Long.class);
    }

    private static CacheSettings settings(Caches caches) {
        return caches.defaults().withTtl(LONG).withNegativeTtl(Duration.ZERO);
    }

    /** {@code GET} and {@code DELETE /faults/values/:key}. */
    void routes(Routes routes) {
        routes.on("GET", "/faults/values/:key", this::read).on("DELETE", "/faults/values/:key", this::changed);
    }

    private Reply read(Request request) throws InterruptedException {
        return Reply.ok(
                Map.of("value", values.get(request.segment("key"), this::load).orElse(0L)));
    }

    private Reply changed(Request request) {
        values.invalidate(request.segment("key"));
        return Reply.empty();
    }

    private Loaded<Long> load(String key) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(FIND)) {
            statement.setString(1, key);
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? Loaded.of(row.getLong(1)) : Loaded.none();
            }
        }
    }
}
