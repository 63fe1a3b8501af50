package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberList;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Role;
import dev.tutti.tck.MemberStoreContract;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** The contract, with sessions of its own for each member, and the clock of the database moved by what a test says. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PostgresMemberStoreTest implements MemberStoreContract {
    private final TestDatabase database;
    private final ControlConnection control;
    private final MemberStore store;

    PostgresMemberStoreTest() throws SQLException {
        database = TestDatabase.migrated();
        control = new ControlConnection(database.settings());
        store = new MemberStore() {
            private final Map<UUID, MemberStore> processes = new HashMap<>();

            @Override
            public void join(Member member, Duration silence) {
                of(member.incarnation()).join(member, silence);
            }

            @Override
            public MemberList heartbeat(Heartbeat heartbeat, Duration silence) {
                return of(heartbeat.member().incarnation()).heartbeat(heartbeat, silence);
            }

            @Override
            public void leave(UUID incarnation) {
                of(incarnation).leave(incarnation);
            }

            private MemberStore of(UUID incarnation) {
                return processes.computeIfAbsent(incarnation, id -> new PostgresMemberStore(control, "tutti " + id));
            }
        };
    }

    @AfterAll
    void close() throws SQLException {
        control.close();
        database.close();
    }

    @Override
    public MemberStore members() {
        return store;
    }

    @Override
    public void pass(Duration time) {
        database.pass(time);
    }

    @Test
    void theSessionsOfWhoIsTakenForDeadAreCut() throws SQLException {
        Member dead = new Member(UUID.randomUUID(), "dead", "", Role.ALL, false, 0);
        Member alive = new Member(UUID.randomUUID(), "alive", "", Role.ALL, false, 0);
        String sessions = "tutti " + dead.incarnation();
        Duration silence = Duration.ofMinutes(1);
        try (PostgresPool pool = new PostgresPool(database.settings().named(sessions))) {
            new PostgresMemberStore(control, sessions).join(dead, silence);
            store.join(alive, silence);
            Connection held = pool.getConnection();
            for (int beats = 0; beats < 4; beats++) {
                pass(Duration.ofSeconds(12));
                store.heartbeat(Heartbeat.of(alive), silence);
            }
            assertThat(isAlive(held)).isTrue();
            pass(Duration.ofSeconds(20));
            store.heartbeat(Heartbeat.of(alive), silence);
            await().until(() -> !isAlive(held));
        }
    }

    @Test
    void aRoleIsKeptAsATextAndOneOfANewerVersionIsReadAsAll() throws SQLException {
        Member ann = new Member(UUID.randomUUID(), "ann", "", Role.HTTP, false, 0);
        Member newer = new Member(UUID.randomUUID(), "newer", "", Role.WORKERS, false, 0);
        store.join(ann, SILENCE);
        store.join(newer, SILENCE);
        String row = " where incarnation = '" + newer.incarnation() + "'";
        assertThat(database.value("select role from tutti.instance" + row)).isEqualTo("workers");
        database.execute("update tutti.instance set role = 'observer'" + row);

        MemberList seen = store.heartbeat(Heartbeat.of(ann), SILENCE);

        assertThat(seen.members())
                .filteredOn(member -> member.process().equals(newer.process()))
                .extracting(Member::role)
                .containsExactly(Role.ALL);
    }

    private static boolean isAlive(Connection connection) {
        try {
            return connection.isValid(10);
        } catch (SQLException closed) {
            return false;
        }
    }
}
