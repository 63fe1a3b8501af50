package dev.tutti.embedded;

import static dev.tutti.embedded.EmbeddedDatabaseTest.awaitAnswer;
import static dev.tutti.embedded.EmbeddedDatabaseTest.awaitEnd;
import static dev.tutti.embedded.EmbeddedDatabaseTest.connect;
import static dev.tutti.embedded.EmbeddedDatabaseTest.execute;
import static dev.tutti.embedded.EmbeddedDatabaseTest.postmaster;
import static dev.tutti.embedded.EmbeddedDatabaseTest.start;
import static dev.tutti.embedded.EmbeddedDatabaseTest.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Real processes, really killed. */
@Tag("slow")
class KilledDatabaseTest {
    /** Long enough for the server to have been looked after more than once. */
    private static final Duration SOME_LOOKS = Duration.ofMillis(1_500);

    private final DataDirectories directories = new DataDirectories();

    @AfterEach
    void delete() throws IOException {
        directories.close();
    }

    @Test
    void anOrphanIsFoundAndEndedAndNothingCommittedIsLost() throws Exception {
        Path directory = directories.fresh();
        try (OtherProcess child = new OtherProcess(directory)) {
            child.awaitCommits(100);
            List<Integer> committed = child.kill();
            ProcessHandle orphan = postmaster(directory).orElseThrow();

            try (EmbeddedDatabase database = start(directory)) {
                awaitEnd(orphan);
                assertThat(numbers(database)).containsAll(committed).doesNotHaveDuplicates();
            }
        }
    }

    @Test
    void aRefusedSecondStartInTheSameProcessDoesNotLetAnotherProcessIn() throws Exception {
        Path directory = directories.fresh();
        try (EmbeddedDatabase database = start(directory)) {
            assertThatThrownBy(() -> start(directory)).hasMessageContaining("another Tutti is running in");

            try (OtherProcess child = new OtherProcess(directory)) {
                assertThatThrownBy(() -> child.awaitCommits(1)).hasMessageContaining("another Tutti is running in");
            }
            assertThat(value(database, "select 1")).isEqualTo("1");
        }
        start(directory).close();
    }

    @Test
    void killedTogetherTheyLoseNothing() throws Exception {
        Path directory = directories.fresh();
        for (int round = 0; round < 3; round++) {
            try (OtherProcess child = new OtherProcess(directory)) {
                child.awaitCommits(50);
                ProcessHandle postmaster = postmaster(directory).orElseThrow();
                List<Integer> committed = child.kill(); // first, or it starts the other again
                postmaster.destroyForcibly();

                try (EmbeddedDatabase database = start(directory)) {
                    assertThat(numbers(database)).containsAll(committed);
                    execute(database, "truncate number");
                }
            }
        }
    }

    @Test
    void aKilledServerIsStartedAgainOnTheSamePort() throws Exception {
        Path directory = directories.fresh();
        try (EmbeddedDatabase database = start(directory)) {
            execute(database, "create table kept as select 42 as n");
            ProcessHandle postmaster = postmaster(directory).orElseThrow();

            postmaster.destroyForcibly();
            awaitEnd(postmaster);

            awaitAnswer(database);
            assertThat(value(database, "select n from kept")).isEqualTo("42");
        }
        assertThat(postmaster(directory)).isEmpty();
    }

    /** As root in a container: what a process of another user runs, and where, may not be looked at. */
    @Test
    void aServerOfAnotherUserIsKnownToRunAndFoundAgain() throws Exception {
        List<OsUser> users = OsUser.usable().toList();
        boolean root = !users.contains(OsUser.SELF);
        List<String> restricted =
                root ? List.of("setpriv", "--inh-caps=-sys_ptrace", "--bounding-set=-sys_ptrace") : List.of();
        for (int user = 0; user < users.size(); user++) {
            Path directory = directories.fresh();
            try (OtherProcess child = new OtherProcess(directory, restricted, user)) {
                child.awaitCommits(1);
                ProcessHandle first = postmaster(directory).orElseThrow();
                for (long end = System.nanoTime() + SOME_LOOKS.toNanos(); System.nanoTime() < end; ) {
                    child.awaitCommits(1);
                }
                assertThat(postmaster(directory)).as("as %s", users.get(user)).contains(first);
                child.kill();

                try (OtherProcess second = new OtherProcess(directory, restricted, user)) {
                    second.awaitCommits(1);
                    assertThat(PidFile.isRunning(first)).isFalse();
                    second.kill();
                }
            } finally {
                postmaster(directory).ifPresent(ProcessHandle::destroyForcibly);
            }
        }
    }

    @Test
    void theProcessThatHasTheNumberNowIsLeftAlone() throws Exception {
        Path directory = directories.fresh();
        Path other = directories.fresh();
        start(directory).close();
        Process sleeper = new ProcessBuilder("sleep", "600").start();
        try (EmbeddedDatabase neighbour = start(other)) {
            long neighbours = postmaster(other).orElseThrow().pid();
            for (long pid : List.of(sleeper.pid(), ProcessHandle.current().pid(), neighbours)) {
                leaveBehind(directory, pid);
                try (EmbeddedDatabase database = start(directory)) {
                    assertThat(value(database, "select 1")).isEqualTo("1");
                }
            }
            assertThat(sleeper.isAlive()).isTrue();
            assertThat(value(neighbour, "select 1")).isEqualTo("1");
            assertThat(postmaster(other).orElseThrow().pid()).isEqualTo(neighbours);
        } finally {
            sleeper.destroyForcibly();
        }
    }

    @Test
    void aTornPidFileIsNoObstacle() throws Exception {
        Path directory = directories.fresh();
        start(directory).close();
        for (String content : List.of("", "\n", "12", "abc\n/x\n")) {
            Files.writeString(directory.resolve("data").resolve("postmaster.pid"), content);
            start(directory).close();
        }
    }

    private static void leaveBehind(Path directory, long pid) throws IOException {
        Path data = directory.resolve("data");
        Files.writeString(
                data.resolve("postmaster.pid"),
                pid + "\n" + data + "\n1700000000\n5432\n\n127.0.0.1\n  1  1\nready   \n");
    }

    private static List<Integer> numbers(EmbeddedDatabase database) throws SQLException {
        List<Integer> numbers = new ArrayList<>();
        try (Connection connection = connect(database);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select n from number")) {
            while (rows.next()) {
                numbers.add(rows.getInt(1));
            }
        }
        return numbers;
    }
}
