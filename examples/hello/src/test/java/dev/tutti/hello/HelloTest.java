package dev.tutti.hello;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.tutti.backend.Backend;
import dev.tutti.core.Tutti;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.postgres.PostgresBackend;
import dev.tutti.testkit.process.Ports;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The example, with the official Java client. */
class HelloTest {
    private final List<Socket> clients = new ArrayList<>();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();

    @AfterEach
    void stop() throws Exception {
        clients.forEach(Socket::close);
        clients.clear();
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }

    @Test
    void whatIsRepliedIsAcknowledged() throws Exception {
        int port = listen(MemoryBackend.open());
        assertThat(ask(client(port), "hello", "Ada")).isEqualTo("Hello, Ada!");
    }

    @Test
    void aWaveReachesTheOthersInTheRoom() throws Exception {
        int port = listen(MemoryBackend.open());
        Socket ada = client(port);
        Socket ben = client(port);
        BlockingQueue<Object> adas = listen(ada, "wave");
        BlockingQueue<Object> bens = listen(ben, "wave");
        ask(ada, "hello", "we are both there by now");
        ask(ben, "hello", "we are both there by now");
        ada.emit("wave", "Ada");
        assertThat(bens.poll(10, TimeUnit.SECONDS)).isEqualTo("Ada");
        assertThat(ask(ada, "hello", "Ada")).isEqualTo("Hello, Ada!");
        assertThat(adas).isEmpty();
    }

    @Test
    void whoComesLaterReadsWhatWasSigned() throws Exception {
        int port = listen(MemoryBackend.open());
        Socket ada = client(port);
        assertThat(ask(ada, "sign", "Ada was here")).isEqualTo(1);
        assertThat(ask(ada, "sign", "and again")).isEqualTo(2);
        Socket ben = client(port);
        BlockingQueue<Object> bens = listen(ben, "event");
        ben.emit("read", 1);
        assertThat(text(bens)).isEqualTo("and again");
        assertThat(ask(ada, "sign", "and now")).isEqualTo(3);
        assertThat(text(bens)).isEqualTo("and now");
    }

    @Test
    void inPostgresWhatWasSignedIsThereAfterARestart(@TempDir Path directory) throws Exception {
        assertThat(ask(client(listen(durable(directory))), "sign", "Ada was here"))
                .isEqualTo(1);
        stop();
        Socket ben = client(listen(durable(directory)));
        BlockingQueue<Object> bens = listen(ben, "event");
        ben.emit("read", 0);
        assertThat(text(bens)).isEqualTo("Ada was here");
    }

    @Test
    void whoIsConnectedToOneOfThreeInstancesIsHeardByThoseAtTheOthers(@TempDir Path directory) throws Exception {
        String url = database(directory);
        List<BlockingQueue<Object>> heard = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            int port = Ports.free();
            started(Room.start(url, "a secret of the tests, and of no one else", port));
            heard.add(listen(client(port), "said"));
        }
        Socket ada = clients.getFirst();

        // until they have heard of each other
        await().atMost(Duration.ofSeconds(20)).until(() -> {
            ada.emit("say", "hello");
            return heard.get(1).contains("hello") && heard.get(2).contains("hello");
        });
        assertThat(heard.getFirst()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Hello", "Room"})
    void theReadmeShowsTheExampleAsItIs(String name) throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tutti/hello/" + name + ".java"));
        String shown = source.substring(source.indexOf("/** "));
        assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + shown + "```\n");
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

    private Socket client(int port) throws InterruptedException {
        IO.Options options = new IO.Options();
        options.forceNew = true;
        options.reconnection = false;
        Socket socket = IO.socket(URI.create("http://127.0.0.1:" + port), options);
        clients.add(socket);
        BlockingQueue<Object> connected = listen(socket, Socket.EVENT_CONNECT);
        socket.connect();
        assertThat(connected.poll(10, TimeUnit.SECONDS)).isNotNull();
        return socket;
    }

    private static BlockingQueue<Object> listen(Socket socket, String event) {
        BlockingQueue<Object> got = new LinkedBlockingQueue<>();
        socket.on(event, arguments -> got.add(arguments.length == 0 ? event : arguments[0]));
        return got;
    }

    private static Object ask(Socket socket, String event, Object argument) throws Exception {
        CompletableFuture<Object> answer = new CompletableFuture<>();
        socket.emit(event, new Object[] {argument}, (Ack) arguments -> answer.complete(arguments[0]));
        return answer.get(10, TimeUnit.SECONDS);
    }

    private static Object text(BlockingQueue<Object> events) throws Exception {
        Object event = events.poll(10, TimeUnit.SECONDS);
        assertThat(event).isInstanceOf(JSONObject.class);
        return ((JSONObject) event).get("data");
    }
}
