package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.config.Setting;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** Finds ports that nobody listens on. */
final class FreePorts {
    /**
     * Below the range from which systems take the local ends of connections: such an end could take a worker's port while
     * it is being restarted.
     */
    private static final int LOWEST = 20_000;

    private static final int HIGHEST = 30_000;
    private static final int TRIES = 1_000;

    private FreePorts() {}

    /** So many different ones on the loopback address that are free at this moment. */
    static Deque<Integer> free(int count) throws IOException {
        return free(count, List.of());
    }

    /** The same, none of {@code taken}. */
    static Deque<Integer> free(int count, Collection<Integer> taken) throws IOException {
        List<ServerSocket> held = new ArrayList<>();
        Deque<Integer> ports = new ArrayDeque<>();
        try {
            for (int tries = 0; ports.size() < count && tries < TRIES; tries++) {
                int port = ThreadLocalRandom.current().nextInt(LOWEST, HIGHEST);
                if (taken.contains(port)) {
                    continue;
                }
                try {
                    held.add(new ServerSocket(port, 1, InetAddress.getLoopbackAddress()));
                    ports.add(port);
                } catch (BindException _) {
                    // another one, then
                }
            }
        } finally {
            for (ServerSocket socket : held) {
                socket.close();
            }
        }
        if (ports.size() < count) {
            throw new IOException("no " + count + " free ports found between " + LOWEST + " and " + HIGHEST);
        }
        return ports;
    }

    /** Says so if {@code address}, whose port {@code setting} says, cannot be listened on, before anything else is started. */
    static void requireFree(Address address, Setting<?> setting) {
        try (ServerSocket probe = new ServerSocket(address.port(), 1, InetAddress.getByName(address.host()))) {
            assert probe.isBound();
        } catch (IOException taken) {
            throw new TuttiException(
                    ErrorCode.CONFLICT,
                    "HOST " + address.host() + " and " + setting.name() + " " + address.port()
                            + " cannot be listened on: " + taken.getMessage() + "; end what uses it, or set "
                            + setting.name() + " to a free one",
                    taken);
        }
    }
}
