package dev.tutti.scores;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** An upstream that accepts WebSockets, and from then on says nothing, or nothing but pongs, as if its network were gone. */
final class SilentUpstream implements AutoCloseable {
    private static final int MASK = 4; // bytes of it, with which a client's frames begin behind their two bytes

    private final boolean pongs;
    private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger followers = new AtomicInteger();
    private final AtomicInteger mostPings = new AtomicInteger();
    private final ServerSocket server = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());

    /** One that answers pings, or does not. */
    SilentUpstream(boolean pongs) throws IOException {
        this.pongs = pongs;
        Thread.ofVirtual().start(this::accept);
    }

    String address() {
        return "http://127.0.0.1:" + server.getLocalPort();
    }

    /** How many WebSockets were opened until now. */
    int followers() {
        return followers.get();
    }

    /** How many pings have come through one of them, at most. */
    int mostPings() {
        return mostPings.get();
    }

    private void accept() {
        try {
            while (true) {
                Socket socket = server.accept();
                sockets.add(socket);
                Thread.ofVirtual().start(() -> serve(socket));
            }
        } catch (IOException closed) {
            // the test is over
        }
    }

    private void serve(Socket socket) {
        try {
            InputStream in = socket.getInputStream();
            String key = "";
            for (String line = line(in); !line.isEmpty(); line = line(in)) {
                if (line.toLowerCase(Locale.ROOT).startsWith("sec-websocket-key:")) {
                    key = line.substring(line.indexOf(':') + 1).strip();
                }
            }
            String head = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                    + "Sec-WebSocket-Accept: " + ScoresUpstream.accepted(key) + "\r\n\r\n";
            socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
            followers.incrementAndGet();
            int pings = 0;
            for (int first = in.read(); first >= 0; first = in.read()) {
                in.skipNBytes((in.read() & 0x7f) + MASK);
                if (first == 0x89) { // a whole ping
                    mostPings.accumulateAndGet(++pings, Math::max);
                    if (pongs) {
                        socket.getOutputStream().write(new byte[] {(byte) 0x8a, 0});
                    }
                }
            }
        } catch (IOException gone) {
            // its socket is closed with the others
        }
    }

    private static String line(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
            line.append((char) next);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
