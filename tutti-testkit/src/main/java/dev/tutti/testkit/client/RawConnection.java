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
 * A TCP connection that says exactly what it is told to, and reads no faster than it is asked to, as HTTP or as a WebSocket. Waits 20 s
 * for what it reads, or as long as it is told; failures are {@link UncheckedIOException}s. For one thread.
 */
public final class RawConnection implements AutoCloseable {
    private static final Pattern LENGTH = Pattern.compile("(?i)content-length: (\\d+)");
    private static final Pattern CHUNKED = Pattern.compile("(?i)\ntransfer-encoding: chunked\r");
    private static final byte[] MASK = {1, 2, 3, 4};
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** A WebSocket frame of the server: its payload as text; of a close frame, its code. */
    public record Frame(int opcode, String text) {}

    /** A WebSocket frame of the server: its first byte, and its payload. */
    @SuppressWarnings("ArrayRecordComponent")
    public record WireFrame(int first, byte[] payload) {}

    private final Socket socket = new Socket();
    private final int patienceMillis;
    private final InputStream in;

    /** A connection; a small {@code receiveBuffer} makes a slow reader of it soon, 0 leaves it to the system. */
    public RawConnection(int port, int receiveBuffer) {
        this(port, receiveBuffer, "127.0.0.1", PATIENCE);
    }

    /** A connection from {@code address}, which is one of the machine's own: all of 127.0.0.0/8 are. */
    public RawConnection(int port, String address) {
        this(port, 0, address, PATIENCE);
    }

    /** The same that waits for {@code patience} to be connected, and for what it reads. */
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

    /** A client that has opened {@code /ws}, read the hello message, and is {@code user}. */
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

    /** A request to become a WebSocket; {@code headers} are lines that end with CR LF. */
    public static String handshake(String path, String headers) {
        return "GET " + path
                + " HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
                + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n" + headers + "\r\n";
    }

    /** Sends {@code text}, a byte for each character. */
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

    /** As {@link #send}, where the other side may have closed already. */
    public RawConnection trySend(byte[] bytes) {
        try {
            socket.getOutputStream().write(bytes);
        } catch (IOException closed) {
            // what it said before can still be read
        }
        return this;
    }

    /** As {@link #send(String)}, where the other side may have closed already. */
    public RawConnection trySend(String text) {
        return trySend(text.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Ends this side of the connection. */
    public RawConnection sendNoMore() {
        try {
            socket.shutdownOutput();
            return this;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a masked text message. */
    public RawConnection text(String text) {
        return send(frame(0x81, text.getBytes(StandardCharsets.UTF_8), true));
    }

    /** A frame with {@code first} as its first byte. */
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

    /** Reads up to the empty line behind HTTP headers; empty if the connection ends before a byte comes. */
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
     * Reads head and body of an answer, with its length or in chunks; of others the head alone. Passes over informational ones (RFC 9110,
     * section 15.2) but for 101. It ends in the head if the connection does.
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
     * Reads one chunk of a chunked body; empty at its end.
     *
     * @throws UncheckedIOException if the connection ends before
     */
    public String chunk() {
        return new String(chunkBytes(), StandardCharsets.UTF_8);
    }

    /** As {@link #chunk}: a chunk may end in the middle of a character. */
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

    /** Reads a line. */
    public String line() {
        StringBuilder line = new StringBuilder();
        for (int next = read(); next >= 0 && next != '\n'; next = read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    /** Throws away what there is to read now, so that the server can go on writing. */
    public void drain() {
        try {
            while (in.available() > 0) {
                in.skipNBytes(in.available());
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads until the connection ends. */
    public String rest() {
        StringBuilder rest = new StringBuilder();
        for (int next = read(); next >= 0; next = read()) {
            rest.append((char) next);
        }
        return rest.toString();
    }

    /** As {@link #rest}, in UTF-8; but a connection that is reset is a failure: there may have been more. */
    public String whole() {
        try {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Whether nothing comes within {@code time}, not even the end of the connection. Bytes that come are kept for whoever reads next. */
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

    /** Reads one frame; the end of the connection is the frame of opcode -1. */
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

    /** Reads one frame as it came; the end of the connection begins with -1. */
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
            return new WireFrame(-1, new byte[0]); // it ended within the head
        }
        try {
            return new WireFrame(first, in.readNBytes((int) length));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Reads frames until one is not a ping, and gives its text. */
    public String message() {
        Frame frame = frame();
        while (frame.opcode() == 9) {
            frame = frame();
        }
        return frame.opcode() < 0 ? "end" : frame.text();
    }

    /** Reads messages until one begins with one of {@code beginnings}. */
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
