package dev.tutti.postgres;

import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** A database with the schema, of each test's own. */
abstract class AbstractDatabaseTest {
    TestDatabase database;

    @BeforeEach
    final void create() throws SQLException {
        database = TestDatabase.migrated();
    }

    @AfterEach
    final void drop() throws SQLException {
        database.close();
    }
}
