package dev.tutti.bench.load;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.tutti.bench.measure.BenchException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * Connections that receive what is sent to all of them: counts, takes the latency of every 50th connection's messages,
 * and tells the sender each time that one message more has reached them all, which is what closes the loop.
 */
public final class Subscribers implements AutoCloseable {
    private static final int SAMPLED = 50;

    /**
     * The counts of what was received since the last tally.
     *
     * @param messages by all connections together
     * @param least by the connection that got fewest
     * @param most by the connection that got most
     * @param bytes of one message's frame, header included
     * @param latencies of the sampled connections, in nanoseconds
     */
    public record Tally(long messages, long least, long most, long bytes, Histogram latencies) {}

    private final LoadClient client;
    private final Received received = new Received();

    /** None yet. */
    public Subscribers() {
        client = new LoadClient(received);
    }

    /** Opens them, {@code inFlight} at a time; 0 is the sender's port for being told, if it is to be told nothing. */
    public LoadClient.Opened open(int port, Dialect dialect, int connections, int inFlight, int creditPort) {
        LoadClient.Opened opened = client.open(port, dialect, connections, inFlight);
        if (creditPort != 0) {
            client.onLoop(() -> received.credits = welcomed(new Socket(InetAddress.getLoopbackAddress(), creditPort)));
        }
        return opened;
    }

    private static Socket welcomed(Socket socket) throws IOException {
        if (socket.getInputStream().read() < 0) {
            throw new IOException("the sender does not take credits");
        }
        return socket;
    }

    /** The counts of what was received since the last time. */
    public Tally tally() {
        client.check();
        return client.onLoop(received::tally);
    }

    /** Ends the connections; others may be opened. */
    public void disconnect() {
        client.disconnect();
        client.onLoop(received::forget);
    }

    @Override
    public void close() {
        disconnect();
        client.close();
    }

    /** The event loop's side. */
    private static final class Received implements Receiver {
        private final List<Connection> connections = new ArrayList<>();
        private Histogram latencies = new Histogram(3);
        private long messages;
        private long bytes;
        private int untilCredit;
        private @Nullable Socket credits;

        @Override
        public boolean keeps(int connection) {
            return connection % SAMPLED == 0;
        }

        @Override
        public void onReady(Connection connection) {
            connections.add(connection);
            untilCredit = connections.size();
        }

        @Override
        public void onFrame(Connection connection, int length, byte[] content) {
            messages++;
            bytes += length + (length > 125 ? 4 : 2);
            connection.received++;
            if (connection.number % SAMPLED == 0) {
                long sent = Stamp.read(content, length);
                if (sent < 0) {
                    throw new BenchException("a message without a stamp: " + new String(content, 0, length, UTF_8));
                }
                latencies.recordValue(Math.max(0, System.nanoTime() - sent));
            }
            if (--untilCredit == 0) {
                untilCredit = connections.size();
                credit();
            }
        }

        /** One byte to a local socket whose reader does nothing else: this does not block. */
        private void credit() {
            if (credits != null) {
                try {
                    OutputStream out = credits.getOutputStream();
                    out.write(1);
                } catch (IOException gone) {
                    throw new BenchException("the sender is gone", gone);
                }
            }
        }

        private Tally tally() {
            long least = connections.stream().mapToLong(c -> c.received).min().orElse(0);
            long most = connections.stream().mapToLong(c -> c.received).max().orElse(0);
            Tally tally = new Tally(messages, least, most, messages == 0 ? 0 : bytes / messages, latencies);
            connections.forEach(connection -> connection.received = 0);
            latencies = new Histogram(3);
            messages = 0;
            bytes = 0;
            untilCredit = connections.size();
            return tally;
        }

        private @Nullable Void forget() throws IOException {
            connections.clear();
            if (credits != null) {
                credits.close();
                credits = null;
            }
            tally();
            return null;
        }
    }
}
