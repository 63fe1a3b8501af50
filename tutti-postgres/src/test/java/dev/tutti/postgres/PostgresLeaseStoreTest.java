package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.lease.LeaseClaim;
import dev.tutti.lease.LeaseGrant;
import dev.tutti.lease.LeaseState;
import dev.tutti.lease.LeaseStore;
import dev.tutti.tck.LeaseStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresLeaseStoreTest implements LeaseStoreContract {
    private final TestDatabase database;
    private final ControlConnection control;
    private final PostgresPool pool;
    private final PostgresLeaseStore store;

    PostgresLeaseStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
        pool = new PostgresPool(database.settings());
        store = new PostgresLeaseStore(control);
    }

    @AfterAll
    void close() throws SQLException {
        pool.close();
        control.close();
        database.close();
    }

    @Override
    public LeaseStore leases() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        database.pass(time);
    }

    private LeaseState acquire(String name) {
        return store.acquire(List.of(new LeaseClaim(name, UUID.randomUUID())), TTL)
                .getFirst();
    }

    private Connection transaction() throws SQLException {
        Connection connection = pool.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    @Test
    void anOldTokenIsRefusedInATransaction() throws SQLException {
        LeaseGrant old = acquire("old").grant();
        pass(TTL.plusSeconds(1));
        LeaseGrant fresh = acquire("old").grant();

        try (Connection transaction = transaction()) {
            assertThat(store.fence(transaction, old, TTL)).isFalse();
            assertThat(store.fence(transaction, fresh, TTL)).isTrue();
            assertThat(store.fence(transaction, new LeaseGrant("never", 1), TTL))
                    .isFalse();
            transaction.rollback();
        }
    }

    @Test
    void nobodyIsGivenALeaseWhileATransactionTakesEffectUnderIt() throws SQLException {
        LeaseGrant grant = acquire("busy").grant();
        try (Connection transaction = transaction()) {
            assertThat(store.fence(transaction, grant, TTL)).isTrue();
            pass(TTL.plusSeconds(1));

            LeaseState told = acquire("busy");

            assertThat(told.grant()).isEqualTo(grant);
            assertThat(told.isFree()).isTrue(); // by the clock alone
            assertThat(store.renew(List.of(grant), TTL)).as("its holder's own").contains(grant);
            pass(TTL.plusSeconds(1));
            transaction.commit();
        }

        assertThat(acquire("busy").grant().token()).isGreaterThan(grant.token());
    }

    @Test
    void whatIsForgottenIsRefusedInATransactionAndNothingIsUnderWhichOneTakesEffect() throws SQLException {
        LeaseGrant forgotten = acquire("forgotten").grant();
        LeaseGrant busy = acquire("under way").grant();
        try (Connection transaction = transaction()) {
            assertThat(store.fence(transaction, busy, TTL)).isTrue();
            pass(LeaseStore.FORGOTTEN_AFTER.plus(TTL).plusSeconds(1));

            store.release(List.of(acquire("another").grant()));

            assertThat(store.find("forgotten")).isEmpty();
            assertThat(store.find("under way")).isPresent();
            assertThat(store.fence(transaction, forgotten, TTL)).isFalse();
            transaction.rollback();
        }
        LeaseGrant next = acquire("forgotten").grant();
        assertThat(next.token()).isGreaterThan(forgotten.token());
        try (Connection transaction = transaction()) {
            assertThat(store.fence(transaction, forgotten, TTL)).isFalse();
            assertThat(store.fence(transaction, next, TTL)).isTrue();
            transaction.rollback();
        }
    }

    @Test
    void noMoreAreForgottenAtATimeThanMayBeAndTheRestAtOnce() throws SQLException {
        for (int i = 0; i < 5; i++) {
            acquire("many " + i);
        }
        pass(LeaseStore.FORGOTTEN_AFTER.plus(TTL).plusSeconds(1));

        assertThat(database.value("select tutti.forget_leases(interval '7 days', 3)"))
                .isEqualTo("3");
        store.release(List.of(acquire("another").grant()));

        assertThat(database.value("select count(*) from tutti.lease where name like 'many %'"))
                .isEqualTo("0");
        assertThat(database.value("select tutti.forget_leases(interval '0 s', 3)"))
                .as("within a minute")
                .isEqualTo("0");
    }

    /** As of a process that stands still in the middle of a transaction. */
    @Test
    void aTransactionThatIsIdleForTooLongIsEndedByTheDatabase() throws SQLException {
        LeaseGrant grant = acquire("idle").grant();
        try (Connection transaction = transaction();
                Statement statement = transaction.createStatement()) {
            assertThat(store.fence(transaction, grant, Duration.ofMillis(50))).isTrue();
            pass(TTL.plusSeconds(1));

            LeaseState next = acquire("idle");
            while (next.grant().equals(grant)) {
                next = acquire("idle");
            }

            assertThat(next.grant().token()).isGreaterThan(grant.token());
            assertThatThrownBy(() -> statement.execute("select 1")).isInstanceOf(SQLException.class);
        }
    }
}
