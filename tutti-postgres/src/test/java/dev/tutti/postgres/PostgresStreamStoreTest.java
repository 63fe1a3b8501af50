package dev.tutti.postgres;

import dev.tutti.stream.DeletingStreamStore;
import dev.tutti.stream.ListingStreamStore;
import dev.tutti.stream.RetainingStreamStore;
import dev.tutti.stream.StreamStore;
import dev.tutti.stream.TransactionalStreamStore;
import dev.tutti.tck.DeletingStreamStoreContract;
import dev.tutti.tck.ListingStreamStoreContract;
import dev.tutti.tck.RetainingStreamStoreContract;
import dev.tutti.tck.StreamStoreContract;
import dev.tutti.tck.TransactionalStreamStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;

/** All contracts, on one database, whose clock is moved by what a test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresStreamStoreTest
        implements StreamStoreContract,
                RetainingStreamStoreContract,
                TransactionalStreamStoreContract,
                ListingStreamStoreContract,
                DeletingStreamStoreContract {
    private final TestDatabase database;
    private final PostgresStreamStore store;
    private Duration passed = Duration.ZERO;

    PostgresStreamStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        store = new PostgresStreamStore(database.pool(), POLICY, Duration.ofSeconds(30));
    }

    @BeforeAll
    void retain() {
        store.retain();
    }

    @AfterAll
    void close() throws SQLException {
        database.close();
    }

    @Override
    public StreamStore store() {
        return store;
    }

    @Override
    public RetainingStreamStore retaining() {
        return store;
    }

    @Override
    public TransactionalStreamStore transactional() {
        return store;
    }

    @Override
    public ListingStreamStore listing() {
        return store;
    }

    @Override
    public DeletingStreamStore deleting() {
        return store;
    }

    @Override
    public Connection transaction() throws SQLException {
        Connection connection = database.pool().getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Override
    public void pass(Duration time) {
        passed = passed.plus(time);
        try {
            database.execute("create or replace function tutti.clock() returns timestamptz language sql stable as"
                    + " 'select pg_catalog.clock_timestamp() + interval ''" + passed.toSeconds() + " s'''");
        } catch (SQLException e) {
            throw new AssertionError(e);
        }
    }
}
