package dev.tutti.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class EmbeddedDatabaseTest {
    private final DataDirectories directories = new DataDirectories();

    @AfterEach
    void delete() throws IOException {
        directories.close();
    }

    @Test
    void itIsAPostgres18ThatKeepsWhatItCommits() throws Exception {
        try (EmbeddedDatabase database = start(directories.fresh())) {
            assertThat(value(database, "show server_version")).startsWith("18.");
            for (String durable : List.of("fsync", "synchronous_commit", "full_page_writes", "data_checksums")) {
                assertThat(value(database, "show " + durable)).as(durable).isEqualTo("on");
            }
            assertThat(value(database, "show server_encoding")).isEqualTo("UTF8");
            assertThat(database.startTime()).isPositive();
        }
    }

    @Test
    void aPathThatPostgresCannotHaveIsToldBeforehand() throws IOException {
        Path directory = directories.fresh().resolve("cost $5");
        assertThatThrownBy(() -> start(directory))
                .isInstanceOfSatisfying(
                        TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
                .hasMessageContaining("cost $5")
                .hasMessageContaining("set TUTTI_DATA_DIR to another place");
    }

    @Test
    void aUserWithoutANameIsToldWhatToDo() {
        OsUser nameless = new OsUser(
                List.of("setpriv", "--reuid=54321", "--regid=54321", "--clear-groups"), OptionalInt.of(54_321));
        assertThatThrownBy(nameless::requireName)
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("/etc/passwd")
                .hasMessageContaining("set DATABASE_URL");
    }

    @Test
    void itAnswersOnTheLoopbackAddressAloneAndAsksForThePassword() throws Exception {
        Path directory = directories.fresh();
        try (EmbeddedDatabase database = start(directory)) {
            assertThatThrownBy(() -> DriverManager.getConnection(database.jdbcUrl(), database.user(), "guessed"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("password authentication failed");
            assertThat(value(database, "show password_encryption")).isEqualTo("scram-sha-256");
            assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(directory.resolve("password"))))
                    .isEqualTo("rw-------");
            int port = Integer.parseInt(value(database, "show port"));
            for (InetAddress address : NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(address -> !address.getHostAddress().equals("127.0.0.1"))
                    .toList()) {
                assertThatThrownBy(() -> new Socket(address, port).close())
                        .as("%s", address)
                        .isInstanceOf(ConnectException.class);
            }
        }
    }

    @Test
    void whatWasCommittedIsThereAtTheNextStart() throws Exception {
        Path directory = directories.fresh();
        String password;
        try (EmbeddedDatabase database = start(directory)) {
            execute(database, "create table kept as select 42 as n");
            password = database.password();
        }
        try (EmbeddedDatabase database = start(directory)) {
            assertThat(value(database, "select n from kept")).isEqualTo("42");
            assertThat(database.password()).isEqualTo(password);
        }
    }

    @Test
    void closingEndsItsProcessesAndIsIdempotent() throws Exception {
        Path directory = directories.fresh();
        EmbeddedDatabase database = start(directory);
        ProcessHandle postmaster = postmaster(directory).orElseThrow();
        Connection open = connect(database);
        open.setAutoCommit(false);

        database.close();
        database.close();

        assertThat(postmaster(directory)).isEmpty();
        awaitEnd(postmaster);
        assertThatThrownBy(() -> connect(database)).isInstanceOf(SQLException.class);
    }

    @Tag("slow")
    @Test
    void aSecondOneInTheSameDirectoryIsToldSo() throws Exception {
        Path directory = directories.fresh();
        try (EmbeddedDatabase first = start(directory)) {
            assertThatThrownBy(() -> start(directory))
                    .isInstanceOfSatisfying(
                            TuttiException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFLICT))
                    .hasMessageContainingAll(directory.toString(), "TUTTI_DATA_DIR");
            assertThat(value(first, "select 1")).isEqualTo("1");
        }
    }

    @Tag("slow")
    @Test
    void aSecondOneInAnotherProcessIsToldSo() throws Exception {
        Path directory = directories.fresh();
        try (OtherProcess child = new OtherProcess(directory)) {
            child.awaitCommits(1);

            assertThatThrownBy(() -> start(directory))
                    .isInstanceOf(TuttiException.class)
                    .hasMessageContainingAll(directory.toString(), "TUTTI_DATA_DIR");

            child.kill();
        }
        start(directory).close();
    }

    @Tag("slow")
    @Test
    void itStartsUnderEveryIdentityThatWorksHereAndChangesBetweenThem() throws Exception {
        Path directory = directories.fresh();
        List<OsUser> identities = OsUser.usable().toList();
        assertThat(identities).isNotEmpty();
        for (OsUser identity : List.copyOf(identities).reversed()) {
            startAndUse(directory, identity);
        }
        startAndUse(directory, identities.getFirst());
    }

    @Test
    void aPlaceThatPostgresCannotEnterIsNamed() throws Exception {
        Path directory = directories.fresh();
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        Path within = directory.resolve("within");
        OsUser nobody = new OsUser(List.of("false"), OptionalInt.empty());

        assertThatThrownBy(() -> EmbeddedDatabase.start(DataDirectories.settings(within), nobody))
                .isInstanceOf(TuttiException.class)
                .hasMessageContaining("cannot enter " + within);
    }

    @Test
    void whatAKilledFirstStartLeftBehindIsReplaced() throws Exception {
        Path directory = directories.fresh();
        Files.createDirectories(directory.resolve("data.new"));
        Files.writeString(directory.resolve("data.new").resolve("PG_VERSION"), "18");
        Files.writeString(directory.resolve("password.new"), "half");

        try (EmbeddedDatabase database = start(directory)) {
            assertThat(value(database, "select 1")).isEqualTo("1");
            assertThat(database.password()).hasSize(48);
        }
    }

    @Test
    void settingsSayWhatIsAllowed() {
        assertThatThrownBy(() -> new EmbeddedSettings(Path.of("a"), Path.of("b"), 1, 100))
                .hasMessage("sharedBuffersMiB is 1; allowed are 16 to 65536");
        assertThatThrownBy(() -> new EmbeddedSettings(Path.of("a"), Path.of("b"), 64, 0))
                .hasMessage("maxConnections is 0; allowed are 10 to 10000");
    }

    @Test
    void theArchiveIsNamedAfterSystemAndMachine() {
        assertThat(Binaries.archive("Linux", "amd64")).isEqualTo("/postgres-linux-x86_64.txz");
        assertThat(Binaries.archive("Linux", "aarch64")).isEqualTo("/postgres-linux-arm_64.txz");
        assertThat(Binaries.archive("Mac OS X", "x86_64")).isEqualTo("/postgres-darwin-x86_64.txz");
        assertThat(Binaries.archive("Mac OS X", "aarch64")).isEqualTo("/postgres-darwin-arm_64.txz");
    }

    private static void startAndUse(Path directory, OsUser identity) throws SQLException {
        try (EmbeddedDatabase database = EmbeddedDatabase.start(DataDirectories.settings(directory), identity)) {
            execute(database, "create table if not exists start (at timestamptz default now())");
            execute(database, "insert into start default values");
        }
    }

    static EmbeddedDatabase start(Path directory) {
        return EmbeddedDatabase.start(DataDirectories.settings(directory));
    }

    static Optional<ProcessHandle> postmaster(Path directory) throws IOException {
        return PidFile.in(directory.resolve("data")).flatMap(PidFile::postmaster);
    }

    static Connection connect(EmbeddedDatabase database) throws SQLException {
        return DriverManager.getConnection(database.jdbcUrl(), database.user(), database.password());
    }

    static void execute(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    static String value(EmbeddedDatabase database, String sql) throws SQLException {
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            assertThat(row.next()).isTrue();
            return row.getString(1);
        }
    }

    static void awaitEnd(ProcessHandle process) {
        Awaitility.await().until(() -> !PidFile.isRunning(process));
    }

    static void awaitAnswer(EmbeddedDatabase database) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(60))
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(value(database, "select 1")).isEqualTo("1"));
    }
}
