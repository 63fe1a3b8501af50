package dev.tutti.socketio;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tutti.testkit.client.ReceivedEvents;
import io.socket.client.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Clients at one instance or several in turn, even ones polling, in rooms by their number. */
abstract class ManyClients {
    static final Duration LONG = Duration.ofSeconds(30);

    private final int instances;
    private final int most;

    final BlockingQueue<dev.tutti.socket.Socket> sockets = new LinkedBlockingQueue<>();
    final List<Socket> clients = new ArrayList<>();
    final List<dev.tutti.socket.Socket> ends = new ArrayList<>();
    final List<ReceivedEvents> news = new ArrayList<>();
    final List<ReceivedEvents> marks = new ArrayList<>();
    final SocketCluster cluster;

    /** {@code most} of them at {@code instances}. */
    ManyClients(int instances, int most) {
        this.instances = instances;
        this.most = most;
        cluster = new SocketCluster(instances, io -> {
            io.namespace("/").onConnection(sockets::add);
            io.namespace("/other");
        });
    }

    @BeforeEach
    void connect() throws InterruptedException {
        for (int i = 0; i < most; i++) {
            Socket client = cluster.at(i % instances).client("/", Map.of(), i % 2 == 0 ? "polling" : "websocket");
            news.add(new ReceivedEvents(client, "news"));
            marks.add(new ReceivedEvents(client, "mark"));
            client.connect();
            clients.add(client);
            dev.tutti.socket.Socket end = sockets.take();
            end.join(i < most / 2 ? "low" : "high");
            end.join(i % 2 == 0 ? "even" : "odd");
            ends.add(end);
        }
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    Object next(int client) {
        return news.get(client).next()[0];
    }

    List<String> ids(int... numbers) {
        return Arrays.stream(numbers).mapToObj(i -> ends.get(i).id()).toList();
    }

    /** What was sent reached the given ones once and nobody else: marks from everywhere, on every way, come after it. */
    void assertReached(int... expected) {
        List<Integer> reached = Arrays.stream(expected).boxed().toList();
        for (int i = 0; i < instances; i++) {
            cluster.namespace(i).emit("mark");
            for (dev.tutti.socket.Socket end : ends) {
                cluster.namespace(i).to(end.id()).emit("mark");
            }
        }
        for (int i = 0; i < most; i++) {
            if (!clients.get(i).connected()) {
                continue;
            }
            for (int mark = 0; mark < 2 * instances; mark++) {
                marks.get(i).next();
            }
            assertThat(news.get(i).size())
                    .as("messages that client %d received", i)
                    .isEqualTo(reached.contains(i) ? 1 : 0);
        }
        reached.forEach(i -> news.get(i).next());
    }
}
