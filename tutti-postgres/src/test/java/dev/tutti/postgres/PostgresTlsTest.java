package dev.tutti.postgres;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real server whose certificate, for 127.0.0.1 alone, an authority of the test has signed. Needs {@code openssl}. */
class PostgresTlsTest {
    @TempDir
    private static Path directory;

    private static EmbeddedDatabase server;

    @BeforeAll
    static void start() throws Exception {
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out ca.pem");
        openssl("req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=another -keyout other.key -out other.pem");
        openssl("req -newkey rsa:2048 -nodes -subj /CN=postgres -addext subjectAltName=IP:127.0.0.1 -keyout server.key"
                + " -out server.csr");
        openssl("x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out"
                + " server.pem");
        server = EmbeddedDatabase.start(
                DatabaseTemplate.copiedTo(EmbeddedSettings.in(Files.createDirectory(directory.resolve("data")))
                        .withBinaries(Path.of("target", "postgres"))));
        String data = value(plainly(), "show data_directory");
        for (String file : new String[] {"server.key", "server.pem"}) {
            Path copy = Files.copy(directory.resolve(file), Path.of(data, file));
            Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-------"));
            Files.setAttribute(copy, "unix:uid", Files.getAttribute(Path.of(data), "unix:uid"));
        }
        execute("alter system set ssl_cert_file = 'server.pem'");
        execute("alter system set ssl_key_file = 'server.key'");
        execute("alter system set ssl = on");
        execute("select pg_reload_conf()");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> value(plainly(), "show ssl").equals("on"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static void openssl(String arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(("openssl " + arguments).split(" "))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("openssl.log").toFile())
                .start();
        assertThat(process.waitFor()).as(arguments).isZero();
    }

    private static PostgresAddress plainly() {
        return PostgresAddress.parse(server.url() + "?sslmode=disable");
    }

    private static PostgresAddress verifying(String authority) {
        return PostgresAddress.parse(server.url() + "?sslmode=verify-full&sslrootcert=" + directory.resolve(authority));
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect(plainly());
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String value(PostgresAddress address, String sql) throws SQLException {
        try (Connection connection = connect(address);
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
        }
    }

    private static Connection connect(PostgresAddress address) throws SQLException {
        return new PostgresConnector(PostgresPoolSettings.of(address)).getConnection();
    }

    @Test
    void aServerThatProvesWhoItIsIsTrusted() throws SQLException {
        assertThat(verifying("ca.pem").protection()).isEqualTo(PostgresProtection.LOCAL);
        assertThat(value(verifying("ca.pem"), "select ssl from pg_stat_ssl where pid = pg_backend_pid()"))
                .isEqualTo("t");
    }

    @Test
    void oneThatAnotherAuthorityVouchesForIsNot() {
        assertThatThrownBy(() -> connect(verifying("other.pem"))).isInstanceOf(SQLException.class);
    }

    @Test
    void oneWithAnotherNameIsNot() {
        String elsewhere = server.url().replace("127.0.0.1", "localhost");
        PostgresAddress address =
                PostgresAddress.parse(elsewhere + "?sslmode=verify-full&sslrootcert=" + directory.resolve("ca.pem"));
        assertThatThrownBy(() -> connect(address)).isInstanceOf(SQLException.class);
    }

    @Test
    void theAuthoritiesThatJavaTrustsDoNotIncludeThatOfATest() {
        PostgresAddress address = PostgresAddress.parse(server.url() + "?sslmode=verify-full&sslrootcert=system");
        assertThatThrownBy(() -> connect(address))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("SSL");
    }

    /** Somebody between, who says that there is no TLS, is told nothing more. */
    @Test
    void noPasswordIsSentToOneWhoRefusesTls() throws Exception {
        for (String mode : new String[] {"require", "verify-ca", "verify-full"}) {
            try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                CompletableFuture<String> said = CompletableFuture.supplyAsync(() -> refuseTls(between));
                PostgresAddress address = PostgresAddress.parse(
                        "postgresql://anna:topsecret@127.0.0.1:" + between.getLocalPort() + "/chat?sslmode=" + mode);
                assertThatThrownBy(() -> connect(address)).isInstanceOf(SQLException.class);
                assertThat(said.get(10, TimeUnit.SECONDS)).doesNotContain("anna", "topsecret");
            }
        }
    }

    /** Answers what comes with "no TLS", then asks for a password in clear text; answers with all that came. */
    private static String refuseTls(ServerSocket between) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        try (Socket client = between.accept()) {
            client.setSoTimeout(3_000);
            all.writeBytes(client.getInputStream().readNBytes(8)); // SSLRequest
            client.getOutputStream().write('N');
            client.getOutputStream().write(new byte[] {'R', 0, 0, 0, 8, 0, 0, 0, 3}); // AuthenticationCleartextPassword
            client.getOutputStream().flush();
            for (int next = client.getInputStream().read();
                    next >= 0;
                    next = client.getInputStream().read()) {
                all.write(next);
            }
        } catch (IOException closed) {
            return all.toString(ISO_8859_1);
        }
        return all.toString(ISO_8859_1);
    }
}
