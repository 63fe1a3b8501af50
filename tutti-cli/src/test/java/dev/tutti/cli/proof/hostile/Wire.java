package dev.tutti.cli.proof.hostile;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** One TCP connection on which any bytes can be sent, and HTTP answers and WebSocket frames be read. */
final class Wire implements AutoCloseable {
    private static final int PATIENCE_MILLIS = 40_000;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;
    private final Scrutiny scrutiny;

    Wire(URI address, Scrutiny scrutiny) throws IOException {
        this.scrutiny = scrutiny;
        socket = new Socket();
        socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), PATIENCE_MILLIS);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** An HTTP answer as it came. */
    record Answer(int status, Map<String, String> headers, String body) {
        /** The status, then the error code if there is one. */
        String brief() {
            String code = Scrutiny.errorCode(body);
            return code.isEmpty() ? Integer.toString(status) : status + " " + code;
        }
    }

    /**
     * A WebSocket frame as it came.
     *
     * @param payload each character one byte
     */
    record Frame(int opcode, String payload) {
        String text() {
            return new String(payload.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
        }
    }

    void write(byte[] bytes) throws IOException {
        try {
            out.write(bytes);
            out.flush();
        } catch (SocketException closed) {
            // the server has said what it has to say, and it is still to be read
        }
    }

    /** Writes each character as one byte. */
    void write(String bytes) throws IOException {
        write(bytes.getBytes(StandardCharsets.ISO_8859_1));
    }

    /** Says that nothing more will come. */
    void finish() throws IOException {
        socket.shutdownOutput();
    }

    /** The next HTTP answer, or an {@link EOFException} if the connection ended without one. */
    Answer answer() throws IOException {
        Answer answer = next();
        while (answer.status() == 100) {
            answer = next();
        }
        scrutiny.see(answer.status() + " " + answer.headers() + answer.body());
        return answer;
    }

    /** The next HTTP answer, to a request with HEAD: it has no body, whatever its headers say of one. */
    Answer answerToHead() throws IOException {
        Head head = head();
        scrutiny.see(head.status() + " " + head.headers());
        return new Answer(head.status(), head.headers(), "");
    }

    private Answer next() throws IOException {
        Head head = head();
        int status = head.status();
        return new Answer(status, head.headers(), status < 200 || status == 204 ? "" : body(head.headers()));
    }

    private record Head(int status, Map<String, String> headers) {}

    private Head head() throws IOException {
        String status = line();
        Map<String, String> headers = new TreeMap<>();
        String header = line();
        while (!header.isEmpty()) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
            header = line();
        }
        return new Head(Integer.parseInt(status.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length())), headers);
    }

    private String body(Map<String, String> headers) throws IOException {
        if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
            StringBuilder body = new StringBuilder();
            int length = Integer.parseInt(line(), 16);
            while (length > 0) {
                body.append(new String(exactly(length), StandardCharsets.UTF_8));
                line();
                length = Integer.parseInt(line(), 16);
            }
            line();
            return body.toString();
        }
        String length = headers.get("content-length");
        byte[] body = length == null ? in.readAllBytes() : exactly(Integer.parseInt(length));
        return new String(body, StandardCharsets.UTF_8);
    }

    /** The next WebSocket frame, or an {@link EOFException} if the connection ended without one. */
    Frame frame() throws IOException {
        byte[] head = exactly(2);
        int length = head[1] & 0x7F;
        if (length >= 126) {
            long extended = 0;
            for (byte digit : exactly(length == 126 ? 2 : 8)) {
                extended = extended << 8 | (digit & 0xFF);
            }
            length = Math.toIntExact(extended);
        }
        Frame frame = new Frame(head[0] & 0x0F, new String(exactly(length), StandardCharsets.ISO_8859_1));
        scrutiny.see(frame.text());
        return frame;
    }

    private byte[] exactly(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length) {
            throw new EOFException();
        }
        return bytes;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        int next = in.read();
        while (next != '\n') {
            if (next < 0) {
                throw new EOFException();
            }
            if (next != '\r') {
                line.write(next);
            }
            next = in.read();
        }
        return line.toString(StandardCharsets.ISO_8859_1);
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
