package dev.tutti.socketio;

import dev.tutti.testkit.client.RawConnection;
import java.io.EOFException;
import java.nio.charset.StandardCharsets;

/** A TCP connection that can become an Engine.IO WebSocket, read when one wants to, and written with any bytes. */
final class RawSocket implements AutoCloseable {
    private final RawConnection connection;

    RawSocket(RunningServer server) {
        this(server.edge.port());
    }

    RawSocket(int port) {
        connection = new RawConnection(port);
    }

    /** A WebSocket in the main namespace. */
    static RawSocket connected(RunningServer server) throws EOFException {
        RawSocket raw = new RawSocket(server);
        raw.join();
        return raw;
    }

    /** Becomes a WebSocket in the main namespace. */
    void join() throws EOFException {
        upgrade("EIO=4&transport=websocket");
        frame();
        text("40");
        frame();
    }

    /** Becomes a WebSocket. */
    void upgrade(String query) {
        String answer = asks(query);
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new AssertionError(answer);
        }
    }

    /** Asks to become a WebSocket; the answer, head and body. */
    String asks(String query) {
        return connection
                .send(RawConnection.handshake("/socket.io/?" + query, ""))
                .answer();
    }

    /** Head and body of the next answer. */
    String answer() {
        return connection.answer();
    }

    void write(byte[] bytes) {
        connection.send(bytes);
    }

    void text(String text) {
        connection.text(text);
    }

    /** A frame as a client sends it. */
    static byte[] frame(int head, byte[] payload) {
        return RawConnection.frame(head, payload, true);
    }

    /** The next frame that is no ping: its text, or {@code close <code>}. */
    String frame() throws EOFException {
        String text = last();
        if (text.equals("end")) {
            throw new EOFException();
        }
        return text;
    }

    /** As {@link #frame}, or {@code end} if the connection ends without one. */
    String last() {
        String text = connection.message();
        return text.equals("2") ? last() : text;
    }

    /** What follows until the end, as text. */
    String rest() {
        return new String(connection.rest().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connection.close();
    }
}
