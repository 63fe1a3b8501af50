package dev.tutti.faults.hostile;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One TCP connection from the address that floods. For one thread; blocks for some seconds at most. */
final class Stranger implements AutoCloseable {
    private static final InetAddress ADDRESS = InetAddress.ofLiteral("127.0.0.2");
    private static final int PATIENCE_MILLIS = 3_000;

    private final Socket socket = new Socket();
    private final InputStream in;

    Stranger(URI server) throws IOException {
        socket.bind(new InetSocketAddress(ADDRESS, 0));
        socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = socket.getInputStream();
    }

    /** Opens the WebSocket at {@code path}. */
    Stranger webSocket(String path) throws IOException {
        send("GET " + path + " HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n");
        head();
        return this;
    }

    Stranger send(String text) throws IOException {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    Stranger send(byte[] bytes) throws IOException {
        socket.getOutputStream().write(bytes);
        return this;
    }

    /** Reads up to the empty line behind HTTP headers. */
    String head() throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("closed");
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /** Reads an answer whole, so that the next request can be sent. */
    void answer() throws IOException {
        String head = head().toLowerCase(Locale.ROOT);
        int at = head.indexOf("content-length: ");
        int length = at < 0
                ? 0
                : Integer.parseInt(
                        head.substring(at + 16, head.indexOf('\r', at)).strip());
        in.skipNBytes(length);
    }

    /** Throws away what there is to read, so that the server can go on writing. */
    void drain() throws IOException {
        while (in.available() > 0) {
            in.skipNBytes(in.available());
        }
    }

    /** A masked frame with {@code first} as its first byte. */
    static byte[] frame(int first, byte[] payload) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(payload.length + 14);
        out.write(first);
        if (payload.length <= 125) {
            out.write(0x80 | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(0x80 | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(0x80 | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        out.writeBytes(new byte[4]); // a mask that changes nothing
        out.writeBytes(payload);
        return out.toByteArray();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
