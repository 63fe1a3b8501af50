package dev.tutti.hello;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.memory.MemoryStreamStore;
import dev.tutti.stream.Retention;
import dev.tutti.stream.RetentionPolicy;
import io.socket.client.Ack;
import io.socket.client.IO;
import io.socket.client.Socket;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.json.JSONObject;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The example, with the official Java client. */
class HelloTest {
    private final Tutti tutti = Tutti.over(new MemoryStreamStore(
                    new RetentionPolicy(Map.of(), Retention.of(Duration.ofHours(1))), Clock.systemUTC()))
            .start();
    private final Edge edge = Hello.listen(tutti, 0);
    private final List<Socket> clients = new ArrayList<>();

    @AfterEach
    void stop() {
        clients.forEach(Socket::close);
        edge.close();
        tutti.close();
    }

    @Test
    void whatIsRepliedIsAcknowledged() throws Exception {
        assertThat(ask(client(), "hello", "Ada")).isEqualTo("Hello, Ada!");
    }

    @Test
    void aWaveReachesTheOthersInTheRoom() throws Exception {
        Socket ada = client();
        Socket ben = client();
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
        Socket ada = client();
        assertThat(ask(ada, "sign", "Ada was here")).isEqualTo(1);
        assertThat(ask(ada, "sign", "and again")).isEqualTo(2);
        Socket ben = client();
        BlockingQueue<Object> bens = listen(ben, "event");
        ben.emit("read", 1);
        assertThat(text(bens)).isEqualTo("and again");
        assertThat(ask(ada, "sign", "and now")).isEqualTo(3);
        assertThat(text(bens)).isEqualTo("and now");
    }

    @Test
    void theReadmeShowsTheExampleAsItIs() throws IOException {
        String source = Files.readString(Path.of("src/main/java/dev/tutti/hello/Hello.java"));
        String shown = source.substring(source.indexOf("/** A Socket.IO server"));
        assertThat(Files.readString(Path.of("../../README.md"))).contains("```java\n" + shown + "```\n");
    }

    private Socket client() throws InterruptedException {
        IO.Options options = new IO.Options();
        options.forceNew = true;
        options.reconnection = false;
        Socket socket = IO.socket(URI.create("http://127.0.0.1:" + edge.port()), options);
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
