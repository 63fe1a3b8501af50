package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Deadline;
import dev.tutti.core.limit.Shares;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import java.io.InputStream;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The body of one request, read from the socket as it is read here: {@value #AHEAD} parts of at most 64 KiB wait for the reader, and
 * what Vert.x has read ahead, up to a megabyte. The client has so much patience when it begins, and never more, and earns a
 * second of it by each kilobyte; the time that the reader takes is not counted. The event loop writes it, one thread reads it.
 */
final class StreamedBody extends InputStream {
    /** The most that one may hold of what there is for bodies. */
    private static final int HELD_BYTES = 1024 * 1024;

    private static final int AHEAD = 4;
    private static final long LEAST_BYTES_PER_SECOND = 1024;
    private static final Duration LAST_PARTS = Duration.ofMillis(20);

    /** One arrival from the client: a part of the body, its end, or the client's end before that. */
    private sealed interface Arrival {}

    private record Part(Buffer bytes) implements Arrival {}

    private record End() implements Arrival {}

    private record Lost() implements Arrival {}

    private final Exchange exchange;
    private final Shares.Part held;
    private final Duration patience;
    private final BlockingQueue<Arrival> arrivals = new LinkedBlockingQueue<>(); // bounded by what is asked for
    private Arrival current = new Part(Buffer.buffer());
    private int at;
    private long patienceLeft; // nanoseconds; what comes earns more of it, up to what it was in the beginning
    private boolean whole; // of the event loop

    StreamedBody(Exchange exchange, Shares.Part held, Duration patience) {
        this.exchange = exchange;
        this.held = held;
        this.patience = patience;
        this.patienceLeft = patience.toNanos();
    }

    /** The bytes that the body of {@code request} may hold of those that there are for bodies: no more than it has. */
    static int holds(HttpServerRequest request) {
        String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
        boolean known = length != null && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        boolean none = length == null && !request.headers().contains(HttpHeaders.TRANSFER_ENCODING);
        return none ? 1 : known ? Math.clamp(Long.parseLong(length.strip()), 1, HELD_BYTES) : HELD_BYTES;
    }

    /** Begins to take the body. */
    void begin() {
        HttpServerRequest request = exchange.request();
        exchange.atEnd(held::close);
        request.pause();
        request.handler(part -> arrivals.add(new Part(part.copy())));
        request.exceptionHandler(_ -> arrivals.add(new Lost()));
        request.endHandler(_ -> {
            whole = true;
            arrivals.add(new End());
        });
        request.fetch(AHEAD);
    }

    /** The client sends no more than what has come by now. */
    void clientEnded() {
        if (!whole) {
            exchange.request().resume(); // at most what was read ahead
            var _ = exchange.later(LAST_PARTS, () -> arrivals.add(new Lost()));
        }
    }

    /** The request is being answered: what is left of its body is dropped, and the connection with it. */
    void answered() {
        if (whole) {
            return;
        }
        HttpServerRequest request = exchange.request();
        request.handler(_ -> {});
        request.resume();
        request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
        // a little later, because closing over unread bytes could take the answer away from the client
        var _ = exchange.later(BodyReader.LINGER, () -> request.connection().close());
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int from, int length) {
        Objects.checkFromIndexSize(from, length, into.length);
        while (length > 0) {
            switch (current) {
                case Part(Buffer bytes)
                when at < bytes.length() -> {
                    int few = Math.min(length, bytes.length() - at);
                    bytes.getBytes(at, at + few, into, from);
                    at += few;
                    return few;
                }
                case Part _ -> next();
                case End _ -> {
                    return -1;
                }
                case Lost _ ->
                    throw new TuttiException(ErrorCode.BAD_REQUEST, "the connection ended before the body did");
            }
        }
        return 0;
    }

    private void next() {
        Deadline end = Deadline.in(Duration.ofNanos(patienceLeft));
        try {
            Arrival arrival = arrivals.poll(patienceLeft, TimeUnit.NANOSECONDS);
            if (arrival == null) {
                throw new TuttiException(ErrorCode.TIMEOUT, "the body comes too slowly");
            }
            current = arrival;
            at = 0;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new TuttiException(ErrorCode.GOING_AWAY, "this instance is leaving", interrupted);
        }
        patienceLeft = end.left().toNanos();
        if (current instanceof Part(Buffer bytes)) {
            long earned = TimeUnit.SECONDS.toNanos(bytes.length()) / LEAST_BYTES_PER_SECOND;
            patienceLeft = Math.min(patience.toNanos(), patienceLeft + earned);
            exchange.onLoop(() -> exchange.request().fetch(1));
        }
    }
}
