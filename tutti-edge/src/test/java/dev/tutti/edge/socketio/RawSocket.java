package dev.tutti.edge.socketio;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A TCP connection that can become a WebSocket, read when one wants to, and written with any bytes. */
final class RawSocket implements Closeable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final int PATIENCE_MILLIS = 20_000;

    private final Socket socket;
    private final DataInputStream in;
    private final OutputStream out;

    RawSocket(RunningServer server) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), server.edge.port());
        socket.setSoTimeout(PATIENCE_MILLIS);
        in = new DataInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** A WebSocket in the main namespace. */
    static RawSocket connected(RunningServer server) throws IOException {
        RawSocket raw = new RawSocket(server);
        raw.upgrade("EIO=4&transport=websocket");
        raw.frame();
        raw.text("40");
        raw.frame();
        return raw;
    }

    /** Becomes a WebSocket. */
    void upgrade(String query) throws IOException {
        String answer = asks(query);
        if (!answer.startsWith("HTTP/1.1 101")) {
            throw new IOException(answer);
        }
    }

    /** Asks to become a WebSocket; the answer, head and body. */
    String asks(String query) throws IOException {
        write(("GET /socket.io/?" + query
                        + " HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        return answer();
    }

    /** Head and body of the next answer. */
    String answer() throws IOException {
        StringBuilder answer = new StringBuilder();
        while (answer.indexOf("\r\n\r\n") < 0) {
            answer.append((char) in.readUnsignedByte());
        }
        Matcher length = LENGTH.matcher(answer);
        if (length.find()) {
            byte[] body = in.readNBytes(Integer.parseInt(length.group(1)));
            answer.append(new String(body, StandardCharsets.UTF_8));
        }
        return answer.toString();
    }

    void write(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
    }

    void text(String text) throws IOException {
        write(frame(0x81, text.getBytes(StandardCharsets.UTF_8)));
    }

    /** A frame as a client sends it, masked with zeros. */
    static byte[] frame(int head, byte[] payload) {
        ByteBuffer frame = ByteBuffer.allocate(14 + payload.length).put((byte) head);
        if (payload.length < 126) {
            frame.put((byte) (0x80 | payload.length));
        } else if (payload.length < 65_536) {
            frame.put((byte) (0x80 | 126)).putShort((short) payload.length);
        } else {
            frame.put((byte) (0x80 | 127)).putLong(payload.length);
        }
        frame.putInt(0).put(payload);
        byte[] bytes = new byte[frame.position()];
        frame.flip().get(bytes);
        return bytes;
    }

    /** The next frame that is no ping: its text, or {@code close <code>}. */
    String frame() throws IOException {
        int head = in.readUnsignedByte();
        long length = in.readUnsignedByte();
        if (length == 126) {
            length = in.readUnsignedShort();
        } else if (length == 127) {
            length = in.readLong();
        }
        byte[] payload = in.readNBytes((int) length);
        if (head == 0x88) {
            return "close " + ByteBuffer.wrap(payload).getShort();
        }
        String text = new String(payload, StandardCharsets.UTF_8);
        return text.equals("2") ? frame() : text;
    }

    /** What follows until the end, as text. */
    String rest() throws IOException {
        ByteArrayOutputStream rest = new ByteArrayOutputStream();
        in.transferTo(rest);
        return rest.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
