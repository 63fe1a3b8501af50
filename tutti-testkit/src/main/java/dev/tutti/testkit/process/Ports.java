package dev.tutti.testkit.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that are to be killed and started again on the same one. They lie below the range from which systems
 * take the local ends of connections: there another connection could take the port while the server is down, and a client
 * that tries to reconnect could even connect to itself. And they lie below the ports that {@code tutti cluster} takes for its
 * workers, or a worker could take one that is meant for the next server. Safe for use by many threads.
 */
public final class Ports {
    private static final int LOWEST = 10_000;
    private static final int HIGHEST = 20_000;
    private static final int TRIES = 1_000;
    private static final Set<Integer> GIVEN =
            ConcurrentHashMap.newKeySet(); // as many as there are in the range, at most

    private Ports() {}

    /**
     * A port that nobody listens on at this moment, and that was not given in this process before.
     *
     * @throws IOException if none is found
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
                // another one, then
            }
        }
        throw new IOException("no free port found between " + LOWEST + " and " + HIGHEST);
    }
}
