package dev.tutti.cli.proof.client;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.edge.http.StaticAssets;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.socket.ConnectRefusedException;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;
import java.net.URI;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A Socket.IO server in this process whose application answers late or never ({@code /}), refuses ({@code /guarded}) and lets
 * clients come back as they were ({@code /kept}).
 */
final class DemandingServer implements AutoCloseable {
    private static final int PATIENT_TRIES = 3;

    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final AtomicInteger checks = new AtomicInteger();
    private final Tutti tutti;
    private final SocketIoServer io;
    private final Edge edge;

    DemandingServer() {
        tutti = Tutti.on(MemoryBackend.open())
                .secret("a secret of the tests, and of no one else")
                .start();
        io = new SocketIoServer(tutti);
        io.namespace("/").onConnection(this::listen);
        io.namespace("/other").onConnection(DemandingServer::locate);
        io.namespace("/guarded").use(this::check);
        kept().recoverable()
                .onConnection(socket -> socket.on("join", message -> {
                    socket.join("room");
                    message.reply();
                }));
        edge = Edge.of(tutti)
                .endpoint(io)
                .assets(new StaticAssets(DemandingServer.class.getClassLoader()).mount("/", "web"))
                .start();
    }

    private void listen(Socket socket) {
        locate(socket);
        socket.on("silent", message -> heard.add(message.text(0)));
        socket.on("say", message -> {
            heard.add(message.text(0));
            message.reply("ok");
        });
        socket.on("third time", message -> {
            heard.add(message.text(0));
            if (Collections.frequency(heard, message.text(0)) >= PATIENT_TRIES) {
                message.reply("ok");
            }
        });
    }

    private static void locate(Socket socket) {
        socket.on("where", message -> message.reply(socket.namespace().name()));
    }

    private void check(Socket socket) {
        checks.incrementAndGet();
        if (!"right".equals(socket.handshake().auth().get("token"))) {
            throw new ConnectRefusedException("not on the list", Map.of("list", List.of("Ann", "Bob"), "page", 3));
        }
    }

    /** The first argument of each message of {@code /} that has one, in order. */
    List<String> heard() {
        return heard;
    }

    /** How often somebody was asked for the right token. */
    int checks() {
        return checks.get();
    }

    /** The namespace to which clients come back; they may {@code join} its room. */
    Namespace kept() {
        return io.namespace("/kept");
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + edge.port());
    }

    @Override
    public void close() {
        edge.close();
        tutti.close();
    }
}
