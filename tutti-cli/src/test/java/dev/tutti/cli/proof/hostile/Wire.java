package dev.tutti.cli.proof.hostile;

import dev.tutti.testkit.client.RawConnection;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Supplier;

/** One TCP connection on which any bytes can be sent, and HTTP answers and WebSocket frames be read, which all are looked at. */
final class Wire implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    private final RawConnection connection;
    private final Scrutiny scrutiny;

    Wire(URI address, Scrutiny scrutiny) {
        this.scrutiny = scrutiny;
        connection = new RawConnection(address.getPort(), "127.0.0.1", PATIENCE);
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

    /** Writes; if the server has closed already, it has said what it has to say, and that is still to be read. */
    void write(byte[] bytes) {
        connection.trySend(bytes);
    }

    /** Writes each character as one byte. */
    void write(String bytes) {
        connection.trySend(bytes);
    }

    /** The next HTTP answer, or an {@link EOFException} if the connection ended without one. */
    Answer answer() throws IOException {
        Answer answer = parsed(read(connection::answer));
        boolean toTheEnd = answer.status() >= 200
                && answer.status() != 204
                && !answer.headers().containsKey("content-length")
                && !answer.headers().containsKey("transfer-encoding");
        if (toTheEnd) {
            answer = new Answer(answer.status(), answer.headers(), read(connection::whole));
        }
        scrutiny.see(answer.status() + " " + answer.headers() + answer.body());
        return answer;
    }

    /** The next HTTP answer, to a request with HEAD: it has no body, whatever its headers say of one. */
    Answer answerToHead() throws IOException {
        Answer answer = parsed(read(connection::head));
        scrutiny.see(answer.status() + " " + answer.headers());
        return answer;
    }

    private static Answer parsed(String text) throws EOFException {
        int end = text.indexOf("\r\n\r\n");
        if (end < 0) {
            throw new EOFException();
        }
        List<String> lines = text.substring(0, end).lines().toList();
        Map<String, String> headers = new TreeMap<>();
        for (String header : lines.subList(1, lines.size())) {
            int colon = header.indexOf(':');
            headers.put(
                    header.substring(0, colon).toLowerCase(Locale.ROOT),
                    header.substring(colon + 1).strip());
        }
        int status = Integer.parseInt(lines.getFirst().substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length()));
        return new Answer(status, headers, text.substring(end + "\r\n\r\n".length()));
    }

    /** The next WebSocket frame, or an {@link EOFException} if the connection ended without one. */
    Frame frame() throws IOException {
        RawConnection.WireFrame next = read(connection::wireFrame);
        if (next.first() < 0) {
            throw new EOFException();
        }
        Frame frame = new Frame(next.first() & 0x0F, new String(next.payload(), StandardCharsets.ISO_8859_1));
        scrutiny.see(frame.text());
        return frame;
    }

    private static <T> T read(Supplier<T> reading) throws IOException {
        try {
            return reading.get();
        } catch (UncheckedIOException failure) {
            throw Objects.requireNonNull(failure.getCause());
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
