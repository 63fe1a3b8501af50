package dev.tutti.testkit.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A TCP connection to this machine that sends exactly the given bytes, and reads only when it is called, as HTTP or as WebSocket frames.
 * Connecting and reading wait for at most 20 s, or the given patience. Failures are {@link UncheckedIOException}s. For one thread.
 */
public final class RawConnection implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\ntransfer-encoding: chunked\r");
    private static final byte[] MASK = {1, 2, 3, 4};
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A WebSocket frame of the server: its opcode, and its payload as text. For a close frame the text is {@code close} and the code. */
    public record Frame(int opcode, String text) {}

    /** A WebSocket frame of the server as it was received: its first byte, and its payload. */
    @SuppressWarnings("ArrayRecordComponent")
    public record WireFrame(int first, byte[] payload) {}

    private final Socket socket = new Socket();
    private final int patienceMillis;
    private final InputStream in;

    /**
     * A connection to {@code port} with a receive buffer of so many bytes: a small one soon makes a slow reader. 0 for the system's size.
     */
    public RawConnection(int port, int receiveBuffer) {
        this(port, receiveBuffer, "127.0.0.1", PATIENCE);
    }

    /** A connection to {@code port} from the local {@code address}, such as any one in 127.0.0.0/8. */
    public RawConnection(int port, String address) {
        this(port, 0, address, PATIENCE);
    }

    /** The same; connecting and reading wait for at most {@code patience}. */
    public RawConnection(int port, String address, Duration patience) {
        this(port, 0, address, patience);
    }

    private RawConnection(int port, int receiveBuffer, String address, Duration patience) {
        patienceMillis = (int) patience.toMillis();
        try {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(address), 0));
            if (receiveBuffer > 0) {
                socket.setReceiveBufferSize(receiveBuffer);
            }
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), patienceMillis);
            socket.setSoTimeout(patienceMillis);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A connection to {@code port} of this machine. */
    public RawConnection(int port) {
        this(port, 0);
    }

    /** A connection that has opened {@code /ws} with {@code user} as its access token, and has read the hello message. */
    public static RawConnection webSocket(int port, String user, int receiveBuffer) {
        RawConnection client = new RawConnection(port, receiveBuffer);
        client.send(handshake("/ws", "Authorization: Bearer " + user + "\r\n"));
        client.head();
        client.frame();
        return client;
    }

    /** As above, with the system's receive buffer. */
    public static RawConnection webSocket(int port, String user) {
        return webSocket(port, user, 0);
    }

    /** The text of a WebSocket handshake request; {@code headers} are additional lines that end with CR LF. */
    public static String handshake(String path, String headers) {
        return "GET " + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    /** Sends {@code text} in ISO 8859-1: one byte for each character. */
    public RawConnection send(String text) {
        return send(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Sends {@code bytes}. */
    public RawConnection send(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As {@link #send}, but does not fail if the server has closed the connection. */
    public RawConnection trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // data that the server sent before can still be read
        }
        return this;
    }

    /** As {@link #send(String)}, but does not fail if the server has closed the connection. */
    public RawConnection trySend(String text) {
        return trySend(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Closes the sending direction of the connection (TCP FIN); reading goes on. */
    public RawConnection sendNoMore() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends {@code text} as one masked WebSocket text frame. */
    public RawConnection text(String text) {
        return send(frame(0x81, text.getBytes(StandardCharsets.UTF_8), true));
    }

    /** The bytes of a WebSocket frame with {@code first} as its first byte. */
    public static byte[] frame(int first, byte[] payload, boolean masked) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(first);
        int mask = masked ? 0x80 : 0;
        if (payload.length <= 125) {
            out.write(mask | payload.length);
        } else if (payload.length <= 0xFFFF) {
            out.write(mask | 126);
            out.write(payload.length >> 8);
            out.write(payload.length);
        } else {
            out.write(mask | 127);
            for (int shift = 56; shift >= 0; shift -= 8) {
                out.write((int) ((long) payload.length >> shift));
            }
        }
        if (!masked) {
            out.writeBytes(payload);
            return out.toByteArray();
        }
        out.writeBytes(MASK);
        byte[] hidden = new byte[payload.length];
        for (int i = 0; i < payload.length; i++) {
            hidden[i] = (byte) (payload[i] ^ MASK[i % 4]);
        }
        out.writeBytes(hidden);
        return out.toByteArray();
    }

    /** Reads up to the empty line after HTTP headers, or the end of the connection; empty if it ends before the first byte. */
    public String head() {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    /**
     * Reads an HTTP answer: its head, and its body if it has a length or chunks. Skips informational answers (RFC 9110, section 15.2)
     * except 101. If the connection ends within the head, the result is the part that was read.
     *
     * @throws UncheckedIOException if the connection ends within the body
     */
    public String answer() {
        String head = head();
        while (head.startsWith("HTTP/1.1 1") && !head.startsWith("HTTP/1.1 101")) {
            head = head();
        }
        Matcher length = LENGTH.matcher(head);
        if (length.find()) {
            return head + new String(exactly(Integer.parseInt(length.group(1))), StandardCharsets.UTF_8);
        }
        if (!CHUNKED.matcher(head).find()) {
            return head;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        for (byte[] chunk = chunkBytes(); chunk.length > 0; chunk = chunkBytes()) {
            body.writeBytes(chunk);
        }
        return head + body.toString(StandardCharsets.UTF_8);
    }

    /**
     * Reads one chunk of a chunked body, as UTF-8; empty at the end of the body.
     *
     * @throws UncheckedIOException if the connection ends before the end of the body
     */
    public String chunk() {
        return new String(chunkBytes(), StandardCharsets.UTF_8);
    }

    /** As {@link #chunk}, in bytes: a chunk may end in the middle of a character. */
    byte[] chunkBytes() {
        String length = line();
        if (length.isEmpty()) {
            throw new UncheckedIOException(new EOFException("the connection ended before the last chunk"));
        }
        byte[] chunk = exactly(Integer.parseInt(length, 16));
        line();
        return chunk;
    }

    private byte[] exactly(int length) {
        try {
            byte[] bytes = in.readNBytes(length);
            if (bytes.length < length) {
                throw new EOFException("the connection ended after " + bytes.length + " of " + length + " bytes");
            }
            return bytes;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads one line, without white space at both ends. */
    public String line() {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next >= 0 && next != '\n'; next = read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Discards all received bytes, so that the server can continue to send. Does not block. */
    public void drain() {
        try {
            while (in.available() > 0) {
                in.skipNBytes(in.available());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads until the connection ends or is reset, one character for each byte. */
    public String rest() {
        StringBuilder rest = new StringBuilder();
        for (int next = read(); next >= 0; next = read()) {
            rest.append((char) next);
        }
        return rest.toString();
    }

    /** As {@link #rest}, in UTF-8; but a reset of the connection is a failure, because data may be missing. */
    public String whole() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether nothing arrives within {@code time}, not even the end of the connection. The next read gets the bytes that arrived. */
    public boolean isSilentFor(Duration time) {
        try {
            socket.setSoTimeout(Math.max(1, (int) time.toMillis()));
            in.mark(1);
            try {
                int _ = in.read();
                in.reset();
                return false;
            } catch (SocketTimeoutException nothing) {
                return true;
            } finally {
                socket.setSoTimeout(patienceMillis);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads one frame; at the end of the connection, a frame with the opcode -1. */
    public Frame frame() {
        WireFrame frame = wireFrame();
        if (frame.first() < 0) {
            return new Frame(-1, "");
        }
        int opcode = frame.first() & 0xF;
        byte[] payload = frame.payload();
        return new Frame(
                opcode,
                opcode == 8
                        ? "close " + ((payload[0] & 0xFF) << 8 | (payload[1] & 0xFF))
                        : new String(payload, StandardCharsets.UTF_8));
    }

    /** Reads one frame as it was received; at the end of the connection, a frame whose first byte is -1. */
    public WireFrame wireFrame() {
        int first = read();
        if (first < 0) {
            return new WireFrame(-1, new byte[0]);
        }
        long length = read();
        if (length == 126) {
            length = (long) read() << 8 | read();
        } else if (length == 127) {
            length = 0;
            for (int i = 0; i < 8; i++) {
                length = length << 8 | read();
            }
        }
        if (length < 0) {
            return new WireFrame(-1, new byte[0]); // the connection ended within the head of a frame
        }
        try {
            return new WireFrame(first, in.readNBytes((int) length));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads the next frame that is not a ping, and returns its text; {@code end} at the end of the connection. */
    public String message() {
        Frame frame = frame();
        while (frame.opcode() == 9) {
            frame = frame();
        }
        return frame.opcode() < 0 ? "end" : frame.text();
    }

    /** Reads messages until one begins with one of {@code beginnings}, and returns it; {@code end} at the end of the connection. */
    public String messageWith(List<String> beginnings) {
        while (true) {
            String message = message();
            if (message.equals("end") || beginnings.stream().anyMatch(message::startsWith)) {
                return message;
            }
        }
    }

    private int read() {
        try {
            return in.read();
        } catch (SocketException reset) {
            return -1;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
