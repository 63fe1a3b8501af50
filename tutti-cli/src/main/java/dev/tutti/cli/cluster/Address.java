package dev.tutti.cli.cluster;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;

/**
 * The address at which something listens.
 *
 * @param host a name or address, IPv6 without brackets
 */
record Address(String host, int port) {
    private static final int CONNECT_MILLIS = 1_000;

    static Address loopback(int port) {
        return new Address("127.0.0.1", port);
    }

    /** Whether somebody accepts connections there. */
    boolean accepts() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(reachable(), port), CONNECT_MILLIS);
            return true;
        } catch (IOException notYet) {
            return false;
        }
    }

    /** Where to point a browser. */
    URI page() {
        return URI.create("http://" + new Address(reachable(), port) + "/");
    }

    /** Nobody can go to the address that means all addresses. */
    private String reachable() {
        return host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
    }

    @Override
    public String toString() {
        return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
}
