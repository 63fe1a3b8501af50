package dev.tutti.cli.proof.start;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.RawConnection;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.ServerProcess;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Machines that are not as one expects: databases, locales and limits, with real processes. */
@Tag("slow")
class InstallationTest {
    private static final Duration PATIENCE = Duration.ofSeconds(40);
    private static final String OUT_OF_FILES = "No more connections are accepted for the moment";

    @TempDir
    private Path directory;

    @Test
    void aDatabaseThatHasNotAllCharactersIsRefusedWithWhatToDo() throws Exception {
        EmbeddedSettings settings =
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"));
        try (EmbeddedDatabase postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(settings))) {
            execute(
                    postgres,
                    "create database latin encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'"
                            + " locale_provider 'libc'");

            assertThat(Solo.failed(Solo.bare(directory)
                            .with(
                                    "DATABASE_URL",
                                    URI.create(postgres.url()).resolve("/latin").toString())
                            .with("JWT_SECRET", "0123456789abcdef0123456789abcdef")))
                    .contains(
                            "ended with 1",
                            "has the encoding LATIN1",
                            "create database … encoding 'UTF8' template template0")
                    .doesNotContain("\tat ");
        }
    }

    private static void execute(EmbeddedDatabase postgres, String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    @Tag("long")
    void inTheCLocaleItKeepsItsDataInAFolderWhoseNameIsNotAscii() throws Exception {
        Path installed = installed();
        String inFolder = "d=$(printf 'caf\\303\\251') && mkdir -p \"$d\" && cd \"$d\" && exec \"$0\" \"$@\"";
        Launch launch = Launch.tutti(List.of("/bin/sh", "-c", inFolder, installed.toString()), directory, Ports.free())
                .with("JAVA_HOME", System.getProperty("java.home"))
                .with("LC_ALL", "C")
                .with("TUTTI_DATA_DIR", "data");
        try (ServerProcess server = ServerProcess.start(launch)) {
            String isThere = "test -f \"$(printf 'caf\\303\\251')/data/jwt-secret\"";
            assertThat(new ProcessBuilder("/bin/sh", "-c", isThere)
                            .directory(directory.toFile())
                            .start()
                            .waitFor())
                    .as(server.output())
                    .isZero();
            assertThat(server.stop(PATIENCE)).isZero();
        }
    }

    @Test
    void aProcessThatMayOpenTooFewFilesSaysSo() throws IOException {
        assertThat(Solo.failed(limited(280)))
                .contains(
                        "ended with 1",
                        "allows this process 280 open files; Tutti needs 310 with these settings",
                        "ulimit -n",
                        "LimitNOFILE=")
                .doesNotContain("Exception", "\tat ");
    }

    @Test
    @Tag("long")
    void clientsDoNotUseUpTheFilesHoweverManyCome() throws Exception {
        List<RawConnection> clients = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(limited(400))) {
            assertThat(server.output())
                    .contains(
                            "Bounds: 81 connections and 90 TCP connections (MAX_CONNECTIONS is 10000, open files 400)");
            for (int i = 0; i < 400; i++) {
                clients.add(silent(server.launch().address().getPort(), i % 4));
            }

            int refused = 0;
            for (RawConnection client : clients) {
                refused += isRefused(client) ? 1 : 0;
            }

            assertThat(refused).isBetween(400 - 90, 399);
            await().atMost(PATIENCE).until(server::ready);
            assertThat(server.output()).doesNotContain(OUT_OF_FILES);
            assertThat(server.stop(PATIENCE)).isZero();
        } finally {
            clients.forEach(RawConnection::close);
        }
    }

    @Test
    @Tag("long")
    void aServerThatRanOutOfFilesSaysSoInALineAndGoesOnWhenSomeAreFree() throws Exception {
        List<RawConnection> clients = new ArrayList<>();
        try (ServerProcess server = ServerProcess.start(limited(400))) {
            int port = server.launch().address().getPort();
            allow(server.pid(), 20); // as if something else in it had opened many
            await().atMost(PATIENCE).until(() -> {
                // from several addresses: none may have all connections
                for (int i = 0; i < 100; i++) {
                    clients.add(silent(port, i % 4));
                }
                return server.output().contains(OUT_OF_FILES);
            });

            clients.forEach(RawConnection::close);

            await().atMost(PATIENCE).until(server::ready);
            assertThat(server.output().lines().filter(line -> line.contains(OUT_OF_FILES)))
                    .singleElement()
                    .asString()
                    .contains("[ERROR]", "ulimit -n", "MAX_CONNECTIONS");
            assertThat(server.output()).doesNotContain("\tat ");
            assertThat(server.stop(PATIENCE)).isZero();
        } finally {
            clients.forEach(RawConnection::close);
        }
    }

    /** Lets a process that runs open {@code more} files than it has, and no others. */
    private static void allow(long pid, int more) throws IOException, InterruptedException {
        Set<String> open = openFiles(pid);
        int limit = 0; // of their numbers: the lowest that is free is taken
        for (int free = 0; free < more; limit++) {
            free += open.contains(Integer.toString(limit)) ? 0 : 1;
        }
        assertThat(new ProcessBuilder("prlimit", "--pid", Long.toString(pid), "--nofile=" + limit + ":")
                        .inheritIO()
                        .start()
                        .waitFor())
                .isZero();
    }

    private static Set<String> openFiles(long pid) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("/proc", Long.toString(pid), "fd"))) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    /** Whether the connection was closed without a word; those that are kept are told at last that the request did not come in time. */
    private static boolean isRefused(RawConnection client) {
        return client.head().isEmpty();
    }

    /** A client that has begun a request, if it was let. */
    private static RawConnection silent(int port, int address) {
        return new RawConnection(port, "127.0.0." + (1 + address), PATIENCE).trySend("GET /health/live HTTP/1.1\r\n");
    }

    private Launch limited(int files) throws IOException {
        Launch usual = Solo.launch(directory);
        List<String> command =
                new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -n " + files + " && exec \"$0\" \"$@\""));
        command.addAll(usual.command());
        return new Launch(command, usual.environment(), directory, usual.address(), usual.patience());
    }

    /** The program as people install it, with one jar that stands for all; the file that starts it. */
    private Path installed() throws IOException {
        Path bin = Files.createDirectories(directory.resolve("tutti/bin"));
        Path lib = Files.createDirectories(directory.resolve("tutti/lib"));
        for (String name : List.of("tutti", "find-java.sh", "jvm.sh")) {
            Files.copy(
                    Path.of("src", "main", "dist", "bin", name), bin.resolve(name), StandardCopyOption.COPY_ATTRIBUTES);
        }
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, classPath());
        new JarOutputStream(Files.newOutputStream(lib.resolve("all.jar")), manifest).close();
        return bin.resolve("tutti");
    }

    private static String classPath() {
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> !entry.endsWith("test-classes"))
                .map(entry -> Path.of(entry).toAbsolutePath().toUri().toString())
                .collect(Collectors.joining(" "));
    }
}
