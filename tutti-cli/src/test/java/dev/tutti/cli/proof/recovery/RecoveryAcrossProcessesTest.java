package dev.tutti.cli.proof.recovery;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import dev.tutti.cli.proof.client.Chromium;
import dev.tutti.embedded.DatabaseTemplate;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.testkit.process.Launch;
import dev.tutti.testkit.process.Ports;
import dev.tutti.testkit.process.QuickJvm;
import dev.tutti.testkit.process.ServerProcess;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two real processes on one PostgreSQL, and the unmodified client for JavaScript in a real browser. */
@Tag("slow")
class RecoveryAcrossProcessesTest {
    private static final String CLIENT = "/web/vendor/socket.io-client/4.8.4/socket.io.esm.min.js";
    private static final String ENTER = """
            async ([source, url]) => {
                const client = new Blob([source], {type: 'text/javascript'});
                const {io} = await import(URL.createObjectURL(client));
                window.said = [];
                window.connections = [];
                window.disconnections = 0;
                window.socket = io(url, {transports: ['websocket'], reconnectionDelayMax: 500});
                socket.on('said', (name, text) => said.push(name + ': ' + text));
                socket.on('connect', () => connections.push([socket.id, socket.recovered]));
                socket.on('disconnect', () => disconnections++);
                await socket.emitWithAck('enter', 'Ann');
            }""";
    private static final String MOVE = "url => { socket.io.uri = url; }";

    @TempDir
    private Path directory;

    private EmbeddedDatabase postgres;
    private ServerProcess one;
    private ServerProcess two;
    private Chromium chromium;

    @BeforeEach
    void start() throws Exception {
        postgres = EmbeddedDatabase.start(DatabaseTemplate.copiedTo(
                EmbeddedSettings.in(directory.resolve("postgres")).withBinaries(Path.of("target", "postgres"))));
        one = ServerProcess.start(launch("one"));
        two = ServerProcess.start(launch("two"));
        chromium = new Chromium();
    }

    private Launch launch(String name) throws IOException {
        List<String> command = new ArrayList<>(QuickJvm.command());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lobby.class.getName()));
        int port = Ports.free();
        return new Launch(
                command,
                Map.of("PORT", Integer.toString(port), "DATABASE_URL", postgres.url()),
                Files.createDirectories(directory.resolve(name)),
                URI.create("http://127.0.0.1:" + port),
                Duration.ofMinutes(3));
    }

    @AfterEach
    void stop() {
        chromium.close();
        one.close();
        two.close();
        postgres.close();
    }

    @Test
    void whoseInstanceIsKilledComesBackAtTheOtherOneAndMissesNothing() throws Exception {
        try (BrowserContext here = chromium.visitor();
                BrowserContext there = chromium.visitor()) {
            Page ann = enter(here, one);
            Page bob = enter(there, two);
            say(bob, "before");
            ann.waitForFunction("said.length == 1");

            ann.evaluate(MOVE, two.launch().address().toString());
            one.kill();
            ann.waitForFunction("disconnections == 1");
            for (int i = 0; i < 20; i++) {
                say(bob, "meanwhile " + i);
            }
            ann.waitForFunction("connections.length == 2");
            say(ann, "after");

            ann.waitForFunction("said.length == 22");
            bob.waitForFunction("said.length == 22");
            assertThat(ann.evaluate("said")).isEqualTo(bob.evaluate("said"));
            assertThat(ann.evaluate("connections[0][0] == connections[1][0]")).isEqualTo(true);
            assertThat(ann.evaluate("connections.map(each => each[1])")).isEqualTo(List.of(false, true));
        }
    }

    private static Page enter(BrowserContext visitor, ServerProcess server) throws IOException {
        Page page = visitor.newPage();
        page.evaluate(ENTER, List.of(client(), server.launch().address().toString()));
        return page;
    }

    private static void say(Page page, String text) {
        page.evaluate("text => new Promise(done => socket.emit('say', text, done))", text);
    }

    private static String client() throws IOException {
        try (InputStream script = RecoveryAcrossProcessesTest.class.getResourceAsStream(CLIENT)) {
            return new String(script.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
