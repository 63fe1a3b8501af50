package dev.tutti.testkit.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Free ports for servers that are killed and started again on the same port. The ports are below the range from which the system takes the
 * local ports of connections. Otherwise a connection could take the port while the server is down, and a client that reconnects could even
 * connect to itself. They are also below the ports that {@code tutti cluster} takes for its workers. Safe for use by many threads.
 */
public final class Ports {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 20_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN =
            ConcurrentHashMap.newKeySet(); // as many as there are in the range, at most

    private Ports() {}

    /**
     * A port on which no server listens at this moment, and which this method did not return before in this process.
     *
     * @throws IOException if there is none
     */
    public static int free() throws IOException {
        for (int tries = 0; tries < TRIES; tries++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            if (!GIVEN.add(port)) {
                continue;
            }
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (BindException _) {
                // in use: try another port
            }
        }
        throw new IOException("no free port found between " + LOWEST + " and " + HIGHEST);
    }
}
