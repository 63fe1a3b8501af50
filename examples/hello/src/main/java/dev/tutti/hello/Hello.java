package dev.tutti.hello;

import dev.tutti.core.Tutti;
import dev.tutti.edge.Edge;
import dev.tutti.memory.MemoryBackend;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.SocketIoServer;
import dev.tutti.stream.Append;
import dev.tutti.stream.StreamName;

/** A Socket.IO server with an acknowledgement, a room, and a stream of which readers miss no event. */
public final class Hello {
    private static final StreamName GUESTBOOK = StreamName.of("room", "guestbook");

    private Hello() {}

    public static void main(String... arguments) {
        listen(Tutti.on(MemoryBackend.open()).start(), 3000); // or PostgresBackend.open(url)
    }

    static Edge listen(Tutti tutti, int port) {
        SocketIoServer io = new SocketIoServer(tutti);
        io.namespace("/").onConnection(socket -> greet(socket, tutti));
        return Edge.of(tutti).port(port).endpoint(io).start();
    }

    private static void greet(Socket socket, Tutti tutti) {
        // An acknowledgement: the client's callback gets the reply.
        socket.on("hello", message -> message.reply("Hello, " + message.text(0) + "!"));

        // A room: all other sockets that are in it at this moment get the message.
        socket.join("lobby");
        socket.on("wave", message -> socket.to("lobby").emit("wave", message.text(0)));

        // A stream: events are stored before they are acknowledged. Readers continue after the last event they saw.
        socket.on("sign", message -> {
            Append entry = new Append(GUESTBOOK, "signed", tutti.json().write(message.text(0)));
            message.reply(tutti.streams().append(entry).seq());
        });
        socket.on("read", message -> socket.subscribe(GUESTBOOK, message.as(0, Long.class)));
    }
}
