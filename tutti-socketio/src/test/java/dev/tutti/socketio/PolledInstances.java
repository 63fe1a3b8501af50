package dev.tutti.socketio;

import static org.awaitility.Awaitility.await;

import dev.tutti.edge.EdgeSettings;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;

/** Two instances, and clients by hand that poll either of them: sessions live at the first. */
abstract class PolledInstances {
    static final Duration LONG = Duration.ofSeconds(30);
    static final String UNKNOWN = "Session ID unknown";

    final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    final BlockingQueue<DisconnectReason> ends = new LinkedBlockingQueue<>();
    final SocketCluster cluster = new SocketCluster(
            2,
            EdgeSettings.DEFAULT,
            SocketIoSettings.DEFAULT,
            io -> io.namespace("/").onConnection(socket -> {
                socket.on(
                        "echo",
                        message -> socket.emit("echo", message.arguments().toArray()));
                socket.onDisconnect(ends::add);
                sockets.add(socket);
            }));
    final EngineClient owner = new EngineClient(cluster.at(0));
    final EngineClient other = new EngineClient(cluster.at(1));

    @AfterEach
    void stop() {
        owner.close();
        other.close();
        cluster.close();
    }

    /** A poll that has reached the owner through the other instance, and waits. */
    CompletableFuture<HttpResponse<String>> waiting(String session) {
        CompletableFuture<HttpResponse<String>> poll = other.getLater(session);
        await().atMost(LONG).until(() -> forwarded() == 1);
        return poll;
    }

    /** How many requests that came to the other instance wait for sessions of the owner. */
    double forwarded() {
        return cluster.at(0)
                .tutti
                .meters()
                .get("tutti.polling.forwarded")
                .gauge()
                .value();
    }
}
