package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.limit.LimitStore;
import dev.tutti.postgres.sql.Sql;
import dev.tutti.tck.LimitStoreContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresLimitStoreTest implements LimitStoreContract {
    private static final Sql THERE = new Sql("select count(*)::int from tutti.rate_limit where bucket = ?");

    private final TestDatabase database;
    private final PostgresLimitStore store;

    PostgresLimitStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        store = new PostgresLimitStore(database.pool());
    }

    @AfterAll
    void close() throws SQLException {
        store.close();
        database.close();
    }

    @Override
    public LimitStore limits() {
        return store;
    }

    @Override
    public void pass(String bucket, Duration time) {
        try (Connection connection = database.pool().getConnection();
                PreparedStatement statement = connection.prepareStatement(
                        "update tutti.rate_limit set full_at = full_at - ? where bucket = ?")) {
            statement.setLong(1, time.toNanos() / 1_000);
            statement.setString(2, bucket);
            assertThat(statement.executeUpdate()).isEqualTo(1);
        } catch (SQLException failure) {
            throw new AssertionError(failure);
        }
    }

    @Test
    void aFullBucketIsDropped() throws SQLException {
        assertThat(store.take("full soon", TEN, 1).granted()).isEqualTo(1);
        assertThat(store.take("not full", TEN, 1).granted()).isEqualTo(1);
        pass("full soon", Duration.ofHours(1));
        try (PostgresLimitStore another = new PostgresLimitStore(database.pool())) { // sweeps when it starts
            Awaitility.await().until(() -> there("full soon") == 0);
            assertThat(another.take("not full", TEN, 10).granted()).isEqualTo(9);
        }
    }

    private int there(String bucket) throws SQLException {
        try (Connection connection = database.pool().getConnection()) {
            return THERE.first(connection, row -> row.getInt(1), bucket).orElseThrow();
        }
    }
}
