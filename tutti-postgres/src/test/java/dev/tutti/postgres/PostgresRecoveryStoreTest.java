package dev.tutti.postgres;

import dev.tutti.recovery.RecoveryStore;
import dev.tutti.tck.RecoveryStoreContract;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresRecoveryStoreTest implements RecoveryStoreContract {
    private final TestDatabase database;
    private final PostgresPool pool;
    private final PostgresRecoveryStore store;

    PostgresRecoveryStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        pool = new PostgresPool(database.settings());
        store = new PostgresRecoveryStore(pool, pool.settings().statement());
    }

    @AfterAll
    void close() throws SQLException {
        pool.close();
        database.close();
    }

    @Override
    public RecoveryStore recovery() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        database.pass(time);
    }
}
