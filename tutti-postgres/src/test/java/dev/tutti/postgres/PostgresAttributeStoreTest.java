package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.session.AttributeStore;
import dev.tutti.tck.AttributeStoreContract;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresAttributeStoreTest implements AttributeStoreContract {
    private final TestDatabase database;
    private final PostgresAttributeStore store;

    PostgresAttributeStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        store = new PostgresAttributeStore(database.pool());
    }

    @AfterAll
    void close() throws SQLException {
        store.close();
        database.close();
    }

    @Override
    public AttributeStore attributes() {
        return store;
    }

    @Test
    void whatHasRunOutIsDropped() throws SQLException {
        Map<String, byte[]> value = Map.of("name", "value".getBytes(StandardCharsets.UTF_8));
        for (Duration ttl : List.of(Duration.ZERO, LONG)) {
            assertThat(store.change(new AttributeStore.Key(1, List.of("for " + ttl)), value, Set.of(), MOST_BYTES, ttl))
                    .isTrue();
        }
        try (PostgresAttributeStore another = new PostgresAttributeStore(database.pool())) { // sweeps when it starts
            await().until(() -> !isThere("for PT0S"));
            assertThat(another.read(new AttributeStore.Key(1, List.of("for " + LONG)), LONG))
                    .hasSize(1);
        }
    }

    @Test
    void nobodyHoldsSessionsUpWithAnAdvisoryLock() throws SQLException {
        String old = "old, and locked";
        Map<String, byte[]> value = Map.of("name", "value".getBytes(StandardCharsets.UTF_8));
        assertThat(store.change(new AttributeStore.Key(77, List.of(old)), value, Set.of(), MOST_BYTES, LONG))
                .isTrue();
        try (Connection connection = database.pool().getConnection();
                Statement holding = connection.createStatement()) {
            holding.execute("select pg_advisory_lock(hashtext('tutti.session_attributes'), 77)"); // as anybody may
            try {
                assertThat(store.read(new AttributeStore.Key(77, List.of("fresh, and not", old)), LONG))
                        .hasSize(1);
            } finally {
                holding.execute("select pg_advisory_unlock_all()");
            }
        }
    }

    @Test
    void eachPartOfTheSessionsHasItsTurn() throws SQLException {
        assertThat(database.value("select count(*) from tutti.turn where name like 'session part %'"))
                .isEqualTo(Integer.toString(AttributeStore.PARTS));
    }

    private boolean isThere(String session) throws SQLException {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement statement =
                        connection.prepareStatement("select 1 from tutti.session_attributes where session = ?")) {
            statement.setString(1, session);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next();
            }
        }
    }
}
