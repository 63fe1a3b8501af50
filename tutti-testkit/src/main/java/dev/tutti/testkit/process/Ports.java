package dev.tutti.testkit.process;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports for servers that are to be killed and started again on the same one. They lie below the range from which systems
 * take the local ends of connections: there another connection could take the port while the server is down, and a client
 * that tries to reconnect could even connect to itself.
 */
public final class Ports {
    private static final int LOWEST = 20_000;
    private static final int HIGHEST = 30_000;

    private Ports() {}

    /** A port that nobody listens on at this moment. */
    public static int free() throws IOException {
        for (int tries = 0; tries < 100; tries++) {
            int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (BindException _) {
                // another one, then
            }
        }
        throw new IOException("no free port found between " + LOWEST + " and " + HIGHEST);
    }
}
