package dev.tutti.socketio;

import static java.util.Objects.requireNonNull;
import static org.awaitility.Awaitility.await;

import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;

/** Clients of a recoverable namespace at three instances. */
abstract class ReturningClients {
    final BlockingQueue<Socket> sockets = new LinkedBlockingQueue<>();
    final List<Returning> clients = new ArrayList<>();
    volatile String person = "ann";
    volatile Consumer<Socket> check = _ -> {};
    final SocketCluster cluster = new SocketCluster(
            3,
            io -> io.namespace("/")
                    .recoverable()
                    .use(socket -> socket.authenticated(new Principal(person, "session", Instant.MAX)))
                    .use(socket -> check.accept(socket))
                    .onConnection(sockets::add));

    @AfterEach
    void stop() throws IOException {
        for (Returning client : clients) {
            client.close();
        }
        cluster.close();
    }

    /** How many messages instance {@code instance} has passed on. */
    long passed(int instance) {
        return requireNonNull(((ServerNamespace) cluster.namespace(instance)).recovery())
                .namespaceLog()
                .passed();
    }

    Returning client(int instance) throws IOException {
        Returning client = new Returning().connect(cluster.at(instance));
        clients.add(client);
        return client;
    }

    Socket taken() throws InterruptedException {
        return sockets.take();
    }

    void gone(int instance) {
        await().until(() -> cluster.namespace(instance).sockets().isEmpty());
    }
}
