package dev.tutti.bench.load;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutti.bench.measure.BenchException;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.HdrHistogram.Histogram;

/**
 * Connections of the plain WebSocket protocol that each publish, wait for the acknowledgement, and publish again, to one
 * of several streams.
 */
public final class Publishers implements AutoCloseable {
    /**
     * The counts and latencies of what was acknowledged.
     *
     * @param acknowledged how many
     * @param nanos in which time
     * @param latencies from each publish to its acknowledgement, in nanoseconds
     */
    public record Tally(long acknowledged, long nanos, Histogram latencies) {}

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(30);

    private final LoadClient client;
    private final Sent sent;

    /** Opens {@code connections} of them to {@code port}, for messages of {@code size} bytes to {@code streams} streams. */
    public Publishers(int port, int connections, int streams, int size) {
        sent = new Sent(streams, size);
        client = new LoadClient(sent);
        client.open(port, Dialect.WS, connections, Math.min(connections, 32));
    }

    /** Publishes for {@code nanos}, then waits for the last acknowledgements. */
    public Tally publish(long nanos) {
        CompletableFuture<Tally> done = client.onLoop(() -> sent.begin(nanos));
        try {
            return done.get(nanos + PATIENCE, TimeUnit.NANOSECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            client.check();
            throw new BenchException("not everything was acknowledged", failure);
        } catch (InterruptedException interrupt) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", interrupt);
        }
    }

    @Override
    public void close() {
        client.close();
    }

    /** The event loop's side. */
    private static final class Sent implements Receiver {
        private static final byte[] OK = "{\"op\":\"ok\"".getBytes(US_ASCII);

        private final List<Connection> connections = new ArrayList<>();
        private final int streams;
        private final String data;
        private long began;
        private long until;
        private long acknowledged;
        private int waiting;
        private Histogram latencies = new Histogram(3);
        private CompletableFuture<Tally> done = new CompletableFuture<>();

        Sent(int streams, int size) {
            this.streams = streams;
            this.data = '"' + ".".repeat(Math.max(0, size - 2)) + '"';
        }

        CompletableFuture<Tally> begin(long nanos) {
            began = System.nanoTime();
            until = began + nanos;
            acknowledged = 0;
            latencies = new Histogram(3);
            waiting = connections.size();
            done = new CompletableFuture<>();
            connections.forEach(this::publish);
            return done;
        }

        @Override
        public boolean keeps(int connection) {
            return true;
        }

        @Override
        public void onReady(Connection connection) {
            connections.add(connection);
        }

        @Override
        public void onFrame(Connection connection, int length, byte[] content) {
            if (length < OK.length || !Arrays.equals(content, 0, OK.length, OK, 0, OK.length)) {
                throw new BenchException("not acknowledged: " + new String(content, 0, length, UTF_8));
            }
            long now = System.nanoTime();
            latencies.recordValue(now - connection.began());
            acknowledged++;
            if (now < until) {
                publish(connection);
            } else if (--waiting == 0) {
                done.complete(new Tally(acknowledged, now - began, latencies));
            }
        }

        private void publish(Connection connection) {
            connection.begins(System.nanoTime());
            connection.write(
                    Unpooled.wrappedBuffer(ClientFrames.text("{\"op\":\"publish\",\"id\":1,\"stream\":\"room:bench"
                            + connection.number % streams + "\",\"type\":\"m\",\"data\":" + data + "}")));
        }
    }
}
