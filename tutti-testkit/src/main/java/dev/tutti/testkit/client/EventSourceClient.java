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
 * A client of server-sent events (HTML standard, section 9.2) over a {@link RawConnection}, with its bounds. It reads no faster than it is
 * asked to, and does not come back by itself. Of lines it knows those that end with LF, as the server's do: a CR stays in what is read.
 * For one thread.
 */
public final class EventSourceClient implements AutoCloseable {
    private final RawConnection connection;
    private final String head;
    private String lastEventId = "";
    private byte[] chunk = {};
    private int at;
    private boolean ended;

    /**
     * One that has asked {@code port} of this machine for {@code path}, and has read the head of the answer, whichever that is.
     *
     * @param headers of the request: lines that end with CR LF, {@code Accept} among them if there is to be one
     * @param receiveBuffer in bytes: a small one makes a slow reader of it soon, 0 leaves it to the system
     * @throws UncheckedIOException if that is not possible, or takes longer than 20 s
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

    /** The answer's status line and headers. There are events behind it only if the status is 200. */
    public String head() {
        return head;
    }

    /**
     * The lines of the next block as they came, without comments; nothing if the stream ends before the block does.
     *
     * @throws UncheckedIOException if the connection ends before the stream, or nothing comes for 20 s
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
     * The data of the next event, which is the next block that has some; nothing if the stream ends before.
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

    /** The id of the last block that was read and had one, to be sent as {@code Last-Event-ID}; empty before. */
    public String lastEventId() {
        return lastEventId;
    }

    /** Reads until the connection ends, and gives what came behind the last chunk from which something was read, with HTTP's framing. */
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
