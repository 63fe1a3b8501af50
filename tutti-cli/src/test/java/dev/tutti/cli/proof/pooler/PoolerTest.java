package dev.tutti.cli.proof.pooler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.tutti.cli.proof.Solo;
import dev.tutti.cli.proof.client.Talker;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.ServerApi;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.PgBouncerProcess;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two servers whose database is behind a real PgBouncer in transaction mode. */
@Tag("slow")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PoolerTest {
    private Path directory;
    private EmbeddedDatabase postgres;
    private PgBouncerProcess pooler;

    @BeforeAll
    void start(@TempDir Path fresh) throws Exception {
        directory = fresh;
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        pooler = PgBouncerProcess.start(URI.create(postgres.url()).getPort(), postgres.user(), postgres.password(), 8);
    }

    @AfterAll
    void stop() {
        pooler.close();
        postgres.close();
    }

    private String throughPooler() {
        return postgres.url().replace(":" + URI.create(postgres.url()).getPort() + "/", ":" + pooler.port() + "/");
    }

    private Launch launch(String name) throws IOException {
        return Solo.bare(Files.createDirectories(directory.resolve(name)))
                .with("DATABASE_URL", throughPooler())
                .with("JWT_SECRET", "a-secret-that-both-of-them-share-long-enough")
                .with("INSTANCE_ID", name);
    }

    @Test
    void withoutADirectWayItSaysWhatIsMissing() throws Exception {
        Launch launch = launch("lost");
        assertThatThrownBy(() -> ServerProcess.start(launch).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DATABASE_URL leads through a pooler such as PgBouncer")
                .hasMessageContaining("set DATABASE_DIRECT_URL to the server itself");
        Launch wrong = launch.with("DATABASE_DIRECT_URL", throughPooler());
        assertThatThrownBy(() -> ServerProcess.start(wrong).close())
                .isInstanceOf(IOException.class)
                .hasMessageContaining("DATABASE_DIRECT_URL leads through a pooler such as PgBouncer");
    }

    @Test
    void peopleOnTwoInstancesTalk() throws Exception {
        try (ServerProcess one = ServerProcess.start(launch("one").with("DATABASE_DIRECT_URL", postgres.url()));
                ServerProcess two = ServerProcess.start(launch("two").with("DATABASE_DIRECT_URL", postgres.url()));
                ServerApi api = new ServerApi(one.launch().address())) {
            Account anns = api.register("ann.");
            Account bobs = api.register("bob.");
            String conversation = api.direct(anns, bobs);
            try (Talker ann = Talker.connect(one.launch().address(), anns, "websocket");
                    Talker bob = Talker.connect(two.launch().address(), bobs, "websocket")) {
                assertThat(ann.follow(null).path("ok").asBoolean()).isTrue();
                assertThat(bob.follow(null).path("ok").asBoolean()).isTrue();
                for (int i = 0; i < 20; i++) {
                    assertThat(ann.say(conversation, "m" + i, "text " + i)
                                    .path("ok")
                                    .asBoolean())
                            .isTrue();
                }
                await().untilAsserted(() -> assertThat(bob.heard()).hasSize(20).endsWith("text 19"));
            }
            assertThat(one.output()).contains("DATABASE_URL leads through a pooler");
        }
    }
}
