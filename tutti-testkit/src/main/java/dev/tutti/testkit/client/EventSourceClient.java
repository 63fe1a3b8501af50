package dev.tutti.testkit.client;

import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A client of server-sent events (HTML standard, section 9.2) over a {@link RawConnection}, whose bounds it shares. It reads only when it
 * is called, and does not reconnect by itself. Lines must end with LF, as the server's lines do: a CR remains part of the line. For one
 * thread.
 */
public final class EventSourceClient implements AutoCloseable {
    private final RawConnection connection;
    private final String head;
    private String lastEventId = "";
    private byte[] chunk = {};
    private int at;
    private boolean ended;

    /**
     * Requests {@code path} at {@code port} of this machine, and reads the head of the answer, whatever its status is.
     *
     * @param headers the headers of the request: lines that end with CR LF, including {@code Accept} if it is to be sent
     * @param receiveBuffer the size of the receive buffer in bytes; with a small one the client is soon a slow reader. 0 for the system's
     *     size
     * @throws UncheckedIOException if the connection fails, or the head does not arrive within 20 s
     */
    public EventSourceClient(int port, String path, String headers, int receiveBuffer) {
        connection = new RawConnection(port, receiveBuffer);
        try {
            head = connection
                    .send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1\r\n" + headers + "\r\n")
                    .head();
        } catch (UncheckedIOException failure) {
            connection.close();
            throw failure;
        }
    }

    /** As above, with the system's receive buffer. */
    public EventSourceClient(int port, String path, String headers) {
        this(port, path, headers, 0);
    }

    /** The status line and headers of the answer. Events follow only if the status is 200. */
    public String head() {
        return head;
    }

    /**
     * The lines of the next block, without comments; an empty list if the stream ends before the end of a block.
     *
     * @throws UncheckedIOException if the connection ends before the stream, or nothing arrives for 20 s
     */
    public List<String> block() {
        List<String> lines = new ArrayList<>();
        for (Optional<String> next = line(); next.isPresent(); next = line()) {
            String line = next.get();
            if (line.isEmpty() && !lines.isEmpty()) {
                lastEventId = values(lines, "id").reduce((_, last) -> last).orElse(lastEventId);
                return List.copyOf(lines);
            }
            if (!line.isEmpty() && !line.startsWith(":")) {
                lines.add(line);
            }
        }
        return List.of();
    }

    /**
     * The data of the next event, which is the next block with data; empty if the stream ends before it.
     *
     * @throws UncheckedIOException as {@link #block}
     */
    public Optional<String> data() {
        for (List<String> block = block(); !block.isEmpty(); block = block()) {
            if (block.stream().anyMatch(line -> line.startsWith("data:"))) {
                return Optional.of(values(block, "data").collect(Collectors.joining("\n")));
            }
        }
        return Optional.empty();
    }

    /** The id of the last read block that had an id, for the header {@code Last-Event-ID}; empty if there was none. */
    public String lastEventId() {
        return lastEventId;
    }

    /**
     * Reads until the connection ends, and returns the bytes after the last chunk of which something was read, including HTTP's framing.
     */
    public String rest() {
        return connection.rest();
    }

    private static Stream<String> values(List<String> lines, String field) {
        return lines.stream()
                .filter(line -> line.startsWith(field + ":"))
                .map(line -> line.substring(field.length() + 1).replaceFirst("^ ", ""));
    }

    private Optional<String> line() {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        while (true) {
            int from = at;
            while (at < chunk.length && chunk[at] != '\n') {
                at++;
            }
            line.write(chunk, from, at - from);
            if (at < chunk.length) {
                at++;
                return Optional.of(line.toString(StandardCharsets.UTF_8));
            }
            if (ended) {
                return Optional.empty();
            }
            chunk = connection.chunkBytes();
            at = 0;
            ended = chunk.length == 0;
        }
    }

    @Override
    public void close() {
        connection.close();
    }
}
