package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.HikariPoolMXBean;
import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.member.Heartbeat;
import dev.tutti.member.Member;
import dev.tutti.member.MemberStore;
import dev.tutti.member.Role;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Instances whose heartbeats a test makes by hand, on one database. */
class ConnectionBudgetTest {
    private static final int BUDGET = 10;
    private static final Duration SILENCE = Duration.ofMinutes(10); // nobody is taken for dead because a test is slow
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<Instance> alive = new CopyOnWriteArrayList<>();
    private TestDatabase database;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.migrated();
    }

    @AfterEach
    void close() throws SQLException {
        alive.forEach(Instance::close);
        database.close();
    }

    @Test
    void oneInstanceHasAllButTwo() {
        Instance one = new Instance();
        one.beat();

        assertThat(one.budget.held()).isEqualTo(8);
        assertThat(one.pool.size()).isEqualTo(7);
    }

    @Test
    void sharesFollowWhoComesAndGoes() {
        Instance one = new Instance();
        one.beat();
        Instance two = joining(one);
        assertShares(List.of(4, 4), one, two);

        Instance three = joining(one, two);
        assertShares(List.of(2, 3, 3), one, two, three);

        three.close();
        alive.remove(three);
        assertShares(List.of(4, 4), one, two);
    }

    @Test
    void whatIsInUseIsNotGivenAway() throws SQLException {
        Instance one = new Instance();
        one.beat();
        List<Connection> used = one.take(7);
        CompletableFuture<Instance> two = CompletableFuture.supplyAsync(Instance::new);
        await().until(() -> one.others() == 1);
        assertThat(one.budget.held()).isEqualTo(8);
        assertThat(two).isNotDone();

        for (Connection connection : used) {
            connection.close();
        }
        await().atMost(PATIENCE).until(() -> one.others() == 1 && two.isDone());
        assertShares(List.of(4, 4), one, two.join());
    }

    @Tag("slow")
    @Test
    void theSumStaysWithinTheBudgetWhateverHappens() throws SQLException {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Set<Integer> sums = new HashSet<>();
        for (int i = 0; i < 60; i++) {
            if (alive.size() < 4 && random.nextInt(4) == 0) {
                CompletableFuture<Instance> comes = CompletableFuture.supplyAsync(Instance::new);
                await().atMost(PATIENCE.multipliedBy(2)).until(() -> {
                    List.copyOf(alive).forEach(Instance::others);
                    return comes.isDone();
                });
            } else if (alive.size() > 1 && random.nextInt(5) == 0) {
                alive.remove(random.nextInt(alive.size())).close();
            } else if (!alive.isEmpty()) {
                Instance one = alive.get(random.nextInt(alive.size()));
                one.beat();
                one.use(random.nextInt(1, 9));
            }
            sums.add(Integer.parseInt(database.value("select coalesce(sum(connections), 0) from tutti.instance")));
            assertThat(
                            database.value(
                                    "select count(*) <= " + BUDGET
                                            + " from pg_stat_activity where datname = current_database() and application_name like 'tutti %'"))
                    .isEqualTo("t");
        }
        assertThat(sums).allMatch(sum -> sum < BUDGET);
    }

    @Test
    void whatTheServerHasNotClosedYetIsNotGivenAway() throws SQLException {
        Instance one = new Instance();
        one.beat();
        one.pool.close();
        try (Connection lingering = one.lingering()) {
            assertThat(lingering.isValid(10)).isTrue();
            await().atMost(PATIENCE).until(() -> one.sessions() == 2); // those of the pool are closed by now
            assertThat(claimed(one, 1)).isEqualTo(2);
        }
        await().until(() -> claimed(one, 1) == 1);
    }

    @Test
    void whoLeavesHasClosedItsConnectionsBeforeOthersMayHaveThem() throws SQLException {
        Instance one = new Instance();
        one.beat();
        one.use(7);
        database.execute("create table left_open (sessions bigint)");
        database.execute("""
                create function note() returns trigger language plpgsql as $$ begin
                    insert into left_open
                    select count(*) from pg_stat_activity where application_name = old.sessions;
                    return old;
                end $$""");
        database.execute("create trigger leaves before delete on tutti.instance for each row execute function note()");

        long began = System.nanoTime();
        one.store.leave(one.self.incarnation());
        Duration took = Duration.ofNanos(System.nanoTime() - began);

        if (took.compareTo(Duration.ofSeconds(1)) < 0) { // else it may have given up waiting for the server
            assertThat(database.value("select sessions from left_open")).isEqualTo("1"); // the control connection
        }
        await().atMost(PATIENCE).until(() -> one.sessions() == 1);
    }

    @Test
    void whoLeavesWaitsForTheServerToCloseThemButNotForEver() throws SQLException {
        Instance one = new Instance();
        one.beat();
        try (Connection lingering = one.lingering()) {
            assertThat(lingering.isValid(10)).isTrue();
            long began = System.nanoTime();
            one.store.leave(one.self.incarnation());
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isGreaterThanOrEqualTo(Duration.ofSeconds(1));
            assertThat(database.value("select count(*) from tutti.instance")).isEqualTo("0");
        }
    }

    @Test
    void aDatabaseThatTakesNoWritesIsTold() throws SQLException {
        Instance one = new Instance();
        awaitCommits(one);
        database.execute("alter table tutti.instance rename to gone");
        assertThatThrownBy(one::beat).isInstanceOf(TuttiException.class);
        one.pass(SILENCE);
        assertThatThrownBy(one.budget::requireCommits)
                .hasMessageContaining("no heartbeat was committed")
                .hasStackTraceContaining("does not exist");
        database.execute("alter table tutti.gone rename to instance");
        awaitCommits(one);
    }

    /** One beat after the other, until one was not too long ago when it was looked at. */
    private static void awaitCommits(Instance one) {
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatCode(() -> {
                            one.beat();
                            one.budget.requireCommits();
                        })
                        .doesNotThrowAnyException());
    }

    @Test
    void whoFindsNoneLeftIsTold() {
        Instance one = new Instance();
        one.beat();
        assertThatThrownBy(() -> new Instance(Duration.ofSeconds(3), PATIENCE))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                .hasMessageContaining("DB_MAX_CONNECTIONS is 10")
                .hasMessageContaining("each instance needs 2")
                .hasMessageEndingWith("PostgresBackend.Builder.connections");
        one.beat();
        assertThat(one.budget.held()).isEqualTo(8);
    }

    @Test
    void whatTheDeadHadIsThereForTheFirstWhoComesBack() throws SQLException {
        Instance one = new Instance();
        one.beat();
        assertThat(one.budget.held()).isEqualTo(8);
        alive.remove(one); // killed, and nobody is left to see it
        one.pool.close();
        one.control.close();
        await().atMost(PATIENCE).until(() -> one.sessions() == 0);
        database.execute("update tutti.instance set heartbeat = heartbeat - interval '1 hour'");

        Instance two = new Instance();
        two.beat();
        assertThat(two.budget.held()).isEqualTo(8);
    }

    @Test
    void whoWasTakenForDeadBeginsAnew() {
        Instance one = new Instance();
        one.beat();
        one.self = one.self.rejoined(UUID.randomUUID());
        one.store.join(one.self, SILENCE);
        assertThat(one.pool.size()).isEqualTo(1);
        one.beat();
        assertThat(one.budget.held()).isEqualTo(8);
    }

    @Test
    void whoseHeartbeatsDoNotComeThroughOpensNoConnection() throws SQLException {
        Instance one = new Instance(PATIENCE, Duration.ofMillis(500));
        one.beat();
        HikariPoolMXBean connections = one.pool.unwrap(HikariDataSource.class).getHikariPoolMXBean();

        one.pass(SILENCE);
        await().atMost(PATIENCE).untilAsserted(() -> {
            connections.softEvictConnections(); // those that were opened while it was allowed
            assertThatThrownBy(() -> one.use(1)).hasStackTraceContaining("heartbeats do not come through");
        });

        one.beat();
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThatCode(() -> one.use(1)).doesNotThrowAnyException());
    }

    private int claimed(Instance instance, int wanted) throws SQLException {
        return Integer.parseInt(database.value("select tutti.claim_connections('" + instance.self.incarnation() + "', "
                + wanted + ", " + BUDGET + ")"));
    }

    /** Starts one more, while the others' hearts beat. */
    private Instance joining(Instance... others) {
        CompletableFuture<Instance> comes = CompletableFuture.supplyAsync(Instance::new);
        await().atMost(PATIENCE).until(() -> {
            for (Instance other : others) {
                other.beat();
            }
            return comes.isDone();
        });
        return comes.join();
    }

    /** What each may have in the end, in order of size. */
    private static void assertShares(List<Integer> shares, Instance... instances) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            for (Instance instance : instances) {
                instance.beat();
            }
            assertThat(Stream.of(instances)
                            .map(instance -> instance.budget.held())
                            .sorted())
                    .isEqualTo(shares);
        });
    }

    /** One process of the cluster. */
    private final class Instance implements AutoCloseable {
        private Member self = new Member(UUID.randomUUID(), "instance", "", Role.ALL, false, 0);
        private final ControlConnection control;
        private final PostgresPool pool;
        private final ConnectionBudget budget;
        private final MemberStore store;
        private final AtomicLong passed = new AtomicLong(); // beside the time that passes by itself

        Instance() {
            this(PATIENCE, PATIENCE);
        }

        Instance(Duration patience, Duration acquire) {
            PostgresPoolSettings settings = database.settings()
                    .withConnections(BUDGET, 0)
                    .withTimes(Duration.ofSeconds(30), acquire, Duration.ofSeconds(30))
                    .named("tutti " + self.incarnation());
            control = new ControlConnection(settings);
            pool = new PostgresPool(settings);
            budget = new ConnectionBudget(
                    new PostgresMemberStore(control, settings.sessions()),
                    control,
                    pool,
                    BUDGET,
                    patience,
                    () -> System.nanoTime() + passed.get());
            store = budget;
            try {
                store.join(self, SILENCE);
            } catch (TuttiException refused) {
                pool.close();
                control.close();
                throw refused;
            }
            alive.add(this);
        }

        List<Member> beat() {
            return store.heartbeat(Heartbeat.of(self), SILENCE).members();
        }

        void pass(Duration time) {
            passed.addAndGet(time.toNanos());
        }

        /** How many connections the server knows as its. */
        int sessions() throws SQLException {
            return Integer.parseInt(
                    database.value("select count(*) from pg_stat_activity where application_name = 'tutti "
                            + self.incarnation() + "'"));
        }

        /** A connection of its that the server has not closed. */
        Connection lingering() throws SQLException {
            PostgresAddress address = database.settings().address();
            return DriverManager.getConnection(
                    address.jdbcUrl() + "?ApplicationName=tutti " + self.incarnation(),
                    address.user(),
                    address.password());
        }

        int others() {
            return beat().size() - 1;
        }

        List<Connection> take(int connections) throws SQLException {
            List<Connection> taken = new ArrayList<>();
            for (int i = 0; i < connections; i++) {
                taken.add(pool.getConnection());
            }
            return taken;
        }

        /** Opens so many connections, or as many as it may. */
        void use(int connections) throws SQLException {
            for (Connection connection : take(Math.min(connections, pool.size()))) {
                connection.close();
            }
        }

        @Override
        public void close() {
            pool.close();
            store.leave(self.incarnation());
            control.close();
        }
    }
}
