package dev.tutti.postgres;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.postgres.sql.Migrations;
import dev.tutti.stream.Append;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamName;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class PostgresSchemaTest {
    /** Other tests use other databases of the same server at the same time. */
    private static final String HERE = "database = (select oid from pg_database where datname = current_database())";

    private static final Pattern CALLED = Pattern.compile("tutti\\.([a-z_]+)\\(");

    static final RetentionPolicy POLICY = new RetentionPolicy(
            Map.of("conversation", Retention.of(Duration.ofDays(365)), "typing", Retention.of(Duration.ofHours(1))),
            Retention.of(Duration.ofDays(7)));

    @Tag("slow")
    @Test
    void severalInstancesMayStartAtOnce() throws Exception {
        int instances = 4;
        try (TestDatabase database = TestDatabase.empty();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            CyclicBarrier start = new CyclicBarrier(instances);
            List<Future<Long>> starts = new ArrayList<>();
            for (int instance = 0; instance < instances; instance++) {
                String key = "k" + instance;
                starts.add(threads.submit(() -> {
                    try (PostgresPool pool = new PostgresPool(database.settings())) {
                        start.await();
                        PostgresSchema.migrate(pool);
                        PostgresStreamStore store = store(pool);
                        store.retain();
                        return store.append(List.of(event("conversation:1", key)))
                                .getFirst()
                                .seq();
                    }
                }));
            }
            List<Long> seqs = new ArrayList<>();
            for (Future<Long> future : starts) {
                seqs.add(future.get(1, TimeUnit.MINUTES));
            }

            assertThat(seqs).containsExactlyInAnyOrder(1L, 2L, 3L, 4L);
            assertThat(database.value("select count(*) from tutti.kind")).isEqualTo("3");
        }
    }

    @Test
    void oneConnectionIsEnough() throws SQLException {
        try (TestDatabase database = TestDatabase.empty();
                PostgresPool one = new PostgresPool(database.settings().withConnections(1, 0))) {
            PostgresSchema.migrate(one);
            assertThat(store(one).append(List.of(event("room:1", "k")))).hasSize(1);
            assertThat(database.value("select count(*) from pg_locks where locktype = 'advisory' and " + HERE))
                    .isEqualTo("0");
        }
    }

    @Test
    void aTransactionThatHoldsALockStopsTheMigrationAndNobodyElse() throws Exception {
        try (TestDatabase database = TestDatabase.migrated();
                Connection holding = database.pool().getConnection();
                ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
            Migrations adding = new Migrations(
                    database.pool(),
                    PostgresSchemaTest.class.getClassLoader(),
                    List.of("dev/tutti/postgres/locked"),
                    "locked_history");
            holding.setAutoCommit(false);
            try (Statement statement = holding.createStatement()) {
                statement.execute("select from tutti.stream"); // which an alter table has to wait for
            }
            Future<?> migrating = executor.submit(adding::run);
            await().until(() -> database.value("select count(*) from pg_locks where not granted and " + HERE)
                    .equals("1"));
            long began = System.nanoTime();
            assertThat(store(database.pool()).append(List.of(event("room:1", "k"))))
                    .hasSize(1);
            assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(Duration.ofSeconds(10));
            assertThat(migrating).isNotDone();

            holding.rollback();
            migrating.get(1, TimeUnit.MINUTES);
            assertThat(database.value("select count(*) from tutti.locked_history where version = '1'"))
                    .isEqualTo("1");
        }
    }

    @Test
    void aMigrationWhoseConnectionBreaksFailsWithThatReason() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated()) {
            Migrations breaking = new Migrations(
                    database.pool(),
                    PostgresSchemaTest.class.getClassLoader(),
                    List.of("dev/tutti/postgres/breaking"),
                    "breaking_history");

            assertThatThrownBy(breaking::run)
                    .isInstanceOfSatisfying(TuttiException.class, failure -> {
                        assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE);
                        assertThat(failure.getSuppressed()).hasOnlyElementsOfType(SQLException.class);
                    })
                    .hasMessageContaining("could not be brought up to date");
        }
    }

    @Test
    void aSchemaThatIsGoneIsToldInPostgresWords() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated();
                Connection connection = database.pool().getConnection()) {
            PostgresSchema.requireUsable(connection);
            database.execute("drop schema tutti cascade");
            assertThatThrownBy(() -> PostgresSchema.requireUsable(connection))
                    .hasMessageContaining("\"tutti.stream\" does not exist");
        }
    }

    @Test
    void aFunctionThatIsGoneIsAnOutageAndNamedByTheHealth() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated();
                Connection connection = database.pool().getConnection()) {
            database.execute("drop function tutti.append, tutti.put_feed cascade");

            assertThatThrownBy(() -> store(database.pool()).append(List.of(event("room:1", "k"))))
                    .isInstanceOfSatisfying(
                            TuttiException.class,
                            failure -> assertThat(failure.code()).isEqualTo(ErrorCode.UNAVAILABLE))
                    .hasMessage("the database lacks a function of Tutti");
            assertThatThrownBy(() -> PostgresSchema.requireUsable(connection))
                    .hasMessage("the database lacks functions: tutti.append, tutti.put_feed");
        }
    }

    @Test
    void theHealthLooksForEveryFunctionThatIsCalled() throws Exception {
        Path statements = Path.of("src", "main", "resources", "dev", "tutti", "postgres");
        String usable = Files.readString(statements.resolve("usable.sql"));
        try (Stream<Path> files = Files.walk(statements)) {
            for (Path file : files.filter(Files::isRegularFile)
                    .filter(each -> !each.startsWith(statements.resolve("migration")))
                    .toList()) {
                Matcher called = CALLED.matcher(Files.readString(file));
                while (called.find()) {
                    assertThat(usable).as("%s", file).contains("'" + called.group(1) + "'");
                }
            }
        }
    }

    @Test
    void aDatabaseThatIsReadOnlyIsTold() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated();
                Connection connection = database.pool().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("set default_transaction_read_only = on");
            assertThatThrownBy(() -> PostgresSchema.requireUsable(connection)).hasMessageContaining("read-only");
        }
    }

    @Test
    void migratingAgainChangesNothing() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated()) {
            store(database.pool()).append(List.of(event("room:1", "k")));

            PostgresSchema.migrate(database.pool());

            assertThat(store(database.pool()).append(List.of(event("room:1", "k"))))
                    .extracting(Appended::repeated)
                    .containsExactly(true);
        }
    }

    @Test
    void aSchemaThatOthersBeganIsCompleted() throws SQLException {
        try (TestDatabase database = TestDatabase.empty()) {
            database.execute("create schema tutti");
            database.execute("create table tutti.account (id text)");

            PostgresSchema.migrate(database.pool());

            assertThat(store(database.pool()).append(List.of(event("room:1", "k"))))
                    .hasSize(1);
        }
    }

    @Test
    void noSearchPathAndNoIsolationLevelOfTheDatabaseMatters() throws SQLException {
        try (TestDatabase database = TestDatabase.migrated()) {
            String name = database.value("select current_database()");
            database.execute("alter database " + name + " set search_path = pg_temp");
            database.execute("alter database " + name + " set default_transaction_isolation = serializable");
            try (PostgresPool pool = new PostgresPool(database.settings())) {
                PostgresStreamStore store = store(pool);
                store.retain();
                store.append(List.of(event("conversation:1", "k"), event("room:1", "k")));

                StreamName stream = new StreamName("conversation:1");
                assertThat(store.read(stream, new Range.After(0), 10))
                        .isInstanceOfSatisfying(
                                ReadResult.Page.class,
                                page -> assertThat(page.events()).hasSize(1));
                assertThat(store.seen(store.now(), List.of(stream))).containsEntry(stream, 1L);
            }
        }
    }

    @Test
    void anOrdinaryUserWhoOwnsTheDatabaseIsEnough() throws SQLException {
        try (TestDatabase database = TestDatabase.empty()) {
            String name = database.value("select current_database()");
            database.execute("create role modest_" + name + " login password 'x'");
            database.execute("alter database " + name + " owner to modest_" + name);
            PostgresAddress address =
                    new PostgresAddress(database.settings().address().jdbcUrl(), "modest_" + name, "x");
            try (PostgresPool pool = new PostgresPool(PostgresPoolSettings.of(address))) {
                PostgresSchema.migrate(pool);
                PostgresStreamStore store = store(pool);
                store.retain();
                assertThat(store.append(List.of(event("room:1", "k")))).hasSize(1);
            }
        }
    }

    private static PostgresStreamStore store(PostgresPool pool) {
        return new PostgresStreamStore(pool, POLICY, Duration.ofSeconds(30));
    }

    private static Append event(String stream, String key) {
        return new Append(new StreamName(stream), "said", Json.of("1"), key);
    }
}
