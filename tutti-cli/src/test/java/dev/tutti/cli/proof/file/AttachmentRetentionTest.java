package dev.tutti.cli.proof.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.ServerProcess;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of attachments when their messages are not kept any more: of a conversation the last four events are. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttachmentRetentionTest {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int KEPT = 4;

    private EmbeddedDatabase postgres;
    private ServerProcess server;
    private ServerApi api;
    private Account ann;
    private Account bob;
    private String group;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        postgres = EmbeddedDatabase.start(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Solo.PROGRAMS));
        server = ServerProcess.start(Solo.launch(directory.resolve("server"))
                .with("DATABASE_URL", postgres.url())
                .with("JWT_SECRET", "a-secret-of-the-server-alone-long-enough")
                .with("TUTTI_RETENTION", "conversation=3650d/" + KEPT + ",*=30d")
                .with("STORAGE_PROVIDER", "local")
                .with("STORAGE_LOCAL_PATH", directory.resolve("files").toString()));
        api = new ServerApi(server.launch().address());
    }

    @BeforeEach
    void talk() throws Exception {
        ann = api.register("ann.");
        bob = api.register("bob.");
        group = api.group(ann, "Pictures", List.of(bob));
    }

    @AfterAll
    void stop() {
        api.close();
        server.close();
        postgres.close();
    }

    @Test
    void aFileIsReadAsLongAsItsMessageIsKept() throws Exception {
        String file = picture();
        send(group, List.of(file));
        assertThat(status(bob, file, "/content")).isEqualTo(200);
        assertThat(status(bob, file, "/thumbnail")).isEqualTo(200);

        end(group);

        assertThat(status(bob, file, "/content")).isEqualTo(404);
        assertThat(status(bob, file, "/thumbnail")).isEqualTo(404);
        assertThat(status(bob, file, "")).isEqualTo(404);
        assertThat(status(ann, file, "/content")).as("of its owner").isEqualTo(200);
    }

    @Test
    void anOlderMessageThatIsKeptStillShowsAFileThatANewerOneDoesNot() throws Exception {
        String file = file("twice");
        String quiet = api.group(ann, "Quiet", List.of(bob));
        send(quiet, List.of(file));
        send(group, List.of(file));
        end(group);
        assertThat(status(bob, file, "/content")).isEqualTo(200);

        end(quiet);

        assertThat(status(bob, file, "/content")).isEqualTo(404);
    }

    @Test
    void aFileGoesWithTheLastMessageThatHasIt() throws Exception {
        String once = file("once");
        String twice = file("twice");
        String never = file("never");
        String quiet = api.group(ann, "Quiet", List.of(bob));
        send(group, List.of(once, twice));
        send(quiet, List.of(twice));

        execute("update tutti.message_attachment set at = '2000-01-01' where conversation_id = '" + group + "'");
        execute("select tutti.enqueue('files.sweep', '{}')");

        await().atMost(PATIENCE).until(() -> status(ann, once, "") == 404);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(value("select string_agg(file_id || ' ' || conversation_id, ',')"
                                + " from tutti.message_attachment where file_id in ('" + once + "', '" + twice + "')"))
                        .isEqualTo(twice + " " + quiet));
        assertThat(status(bob, twice, "/content")).isEqualTo(200);
        assertThat(status(ann, never, "/content")).isEqualTo(200);
        assertThat(value("select files::text from tutti.file_usage where owner_id = '" + ann.id() + "'"))
                .isEqualTo("2");
    }

    /** So much is said that what was said before is not kept. */
    private void end(String conversation) throws Exception {
        for (int i = 0; i < KEPT; i++) {
            send(conversation, List.of());
        }
    }

    private void send(String conversation, List<String> files) throws Exception {
        api.post(
                "/api/conversations/" + conversation + "/messages",
                ann,
                Map.of("id", "m" + System.nanoTime(), "text", "a message", "attachments", files));
    }

    private String picture() throws Exception {
        ByteArrayOutputStream png = new ByteArrayOutputStream();
        ImageIO.write(new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB), "png", png);
        return file(png.toByteArray());
    }

    private String file(String text) throws Exception {
        return file(text.getBytes(StandardCharsets.UTF_8));
    }

    private String file(byte[] bytes) throws Exception {
        HttpResponse<byte[]> stored = new FileClient(server.launch().address(), ann).upload("a file", bytes);
        assertThat(stored.statusCode()).isEqualTo(201);
        return FileClient.json(stored).path("id").asString();
    }

    private int status(Account account, String file, String what) throws Exception {
        return new FileClient(server.launch().address(), account)
                .get("/api/files/" + file + what)
                .statusCode();
    }

    private void execute(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String value(String sql) throws SQLException {
        try (var connection = DriverManager.getConnection(postgres.jdbcUrl(), postgres.user(), postgres.password());
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            assertThat(rows.next()).isTrue();
            return String.valueOf(rows.getString(1));
        }
    }
}
