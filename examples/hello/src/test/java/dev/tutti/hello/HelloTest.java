package dev.tutti.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.Tutti;
import dev.tutti.embedded.EmbeddedDatabase;
import dev.tutti.embedded.EmbeddedSettings;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.postgres.PostgresAddress;
import dev.tutti.postgres.PostgresPool;
import dev.tutti.postgres.PostgresPoolSettings;
import dev.tutti.postgres.PostgresStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import dev.tutti.stream.StreamStore;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
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

/** The example, with the official Java client. */
class HelloTest {
    private static final RetentionPolicy WEEK = RetentionPolicy.of(Retention.of(Duration.ofDays(7)));

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
        int port = listen(new MemoryStreamStore(WEEK, Clock.systemUTC()));
        assertThat(ask(client(port), "hello", "Ada")).isEqualTo("Hello, Ada!");
    }

    @Test
    void aWaveReachesTheOthersInTheRoom() throws Exception {
        int port = listen(new MemoryStreamStore(WEEK, Clock.systemUTC()));
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
        int port = listen(new MemoryStreamStore(WEEK, Clock.systemUTC()));
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
    void theReadmeShowsTheExampleAsItIs() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tutti/hello/Hello.java"));
        String shown = source.substring(source.indexOf("/** A Socket.IO server"));
        assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + shown + "```\n");
    }

    private int listen(StreamStore store) {
        Tutti tutti = started(Tutti.over(store).start());
        return started(Hello.listen(tutti, 0)).port();
    }

    private StreamStore durable(Path directory) {
        EmbeddedDatabase database = started(EmbeddedDatabase.start(EmbeddedSettings.in(directory)));
        PostgresAddress address = PostgresAddress.parse(database.url());
        return PostgresStreamStore.open(started(new PostgresPool(PostgresPoolSettings.of(address))), WEEK);
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
