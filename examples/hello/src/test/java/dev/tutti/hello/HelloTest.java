package dev.tutti.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.backend.Backend;
import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.testkit.client.OfficialSocket;
import dev.tutti.testkit.client.ReceivedEvents;
import dev.tutti.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example, with the official Java client. */
class HelloTest {
    private final List<OfficialSocket> clients = new ArrayList<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        clients.forEach(OfficialSocket::close);
        clients.clear();
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void whatIsRepliedIsAcknowledged() throws Exception {
        try (Tutti tutti = Tutti.on(MemoryBackend.open()).start();
                Edge edge = Hello.listen(tutti, 0);
                OfficialSocket ada = OfficialSocket.at(URI.create("http://127.0.0.1:" + edge.port()))
                        .connect()) {
            assertThat(ada.ask("hello", "Ada").stringValue()).isEqualTo("Hello, Ada!");
        }
    }

    @Test
    void aWaveReachesTheOthersInTheRoom() throws Exception {
        int port = listen(MemoryBackend.open());
        OfficialSocket ada = client(port);
        OfficialSocket ben = client(port);
        ReceivedEvents adas = ada.received("wave");
        ReceivedEvents bens = ben.received("wave");
        ada.ask("hello", "we are both there by now");
        ben.ask("hello", "we are both there by now");
        ada.emit("wave", "Ada");
        assertThat(bens.next()[0]).isEqualTo("Ada");
        assertThat(ada.ask("hello", "Ada").stringValue()).isEqualTo("Hello, Ada!");
        assertThat(adas.size()).isZero();
    }

    @Test
    void whoComesLaterReadsWhatWasSigned() throws Exception {
        int port = listen(MemoryBackend.open());
        OfficialSocket ada = client(port);
        assertThat(ada.ask("sign", "Ada was here").intValue()).isEqualTo(1);
        assertThat(ada.ask("sign", "and again").intValue()).isEqualTo(2);
        OfficialSocket ben = client(port);
        ReceivedEvents bens = ben.received("event");
        ben.emit("read", 1);
        assertThat(text(bens)).isEqualTo("and again");
        assertThat(ada.ask("sign", "and now").intValue()).isEqualTo(3);
        assertThat(text(bens)).isEqualTo("and now");
    }

    @Test
    void inPostgresWhatWasSignedIsThereAfterARestart(@TempDir Path directory) throws Exception {
        OfficialSocket ada = client(listen(durable(directory)));
        assertThat(ada.ask("sign", "Ada was here").intValue()).isEqualTo(1);
        stop();
        OfficialSocket ben = client(listen(durable(directory)));
        ReceivedEvents bens = ben.received("event");
        ben.emit("read", 0);
        assertThat(text(bens)).isEqualTo("Ada was here");
    }

    @Test
    void whoIsConnectedToOneOfThreeInstancesIsHeardByThoseAtTheOthers(@TempDir Path directory) throws Exception {
        String url = database(directory);
        List<ReceivedEvents> heard = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int port = Ports.free();
            started(Room.start(url, "a secret of the tests, and of no one else", port));
            heard.add(client(port).received("said"));
        }
        OfficialSocket ada = clients.getFirst();

        // until they have heard of each other
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            ada.emit("say", "hello");
            return heard.get(1).size() > 0 && heard.get(2).size() > 0;
        });
        assertThat(heard.get(1).next()).containsExactly("hello");
        assertThat(heard.get(2).next()).containsExactly("hello");
        assertThat(heard.getFirst().size()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hello", "Room"})
    void theReadmeShowsTheExampleAsItIs(String name) throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tutti/hello/" + name + ".java"));
        String shown = source.substring(source.indexOf("/** "));
        assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + shown + "```\n");
    }

    @Test
    void thePageAboutTestsShowsTheFirstOneAsItIs() throws IOException {
        String source = Files.readString(Path.of("src/test/java/dev/tutti/hello/HelloTest.java"));
        String test = "    @Test\n    void whatIsRepliedIsAcknowledged()";
        String shown = source.substring(source.indexOf(test), source.indexOf("\n\n", source.indexOf(test)));
        assertThat(Files.readString(Path.of("../../docs/library.md")))
                .contains("```java\n" + shown.stripIndent() + "\n```\n");
    }

    private int listen(Backend backend) {
        return Hello.listen(started(Tutti.on(backend).start()), 0).port();
    }

    private Backend durable(Path directory) {
        return PostgresBackend.open(database(directory));
    }

    private String database(Path directory) {
        return started(EmbeddedDatabase.start(
                        EmbeddedSettings.in(directory).withBinaries(Path.of("target", "postgres"))))
                .url();
    }

    private <T extends AutoCloseable> T started(T part) {
        parts.push(part);
        return part;
    }

    private OfficialSocket client(int port) throws IOException, InterruptedException {
        OfficialSocket client =
                OfficialSocket.at(URI.create("http://127.0.0.1:" + port)).connect();
        clients.add(client);
        return client;
    }

    private static String text(ReceivedEvents events) {
        return events.nextValue().path("data").stringValue();
    }
}
