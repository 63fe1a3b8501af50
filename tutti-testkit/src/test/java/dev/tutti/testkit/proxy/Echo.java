package dev.tutti.testkit.proxy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server that sends back what it gets, and keeps it too, in the pieces in which it came. */
final class Echo implements AutoCloseable {
    final BlockingQueue<byte[]> pieces = new LinkedBlockingQueue<>();
    private final ServerSocket listener;

    Echo() throws IOException {
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(() -> {
            while (!listener.isClosed()) {
                try {
                    Socket socket = listener.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private void serve(Socket socket) {
        byte[] piece = new byte[64 * 1024];
        try (socket) {
            for (int n = socket.getInputStream().read(piece);
                    n >= 0;
                    n = socket.getInputStream().read(piece)) {
                byte[] got = java.util.Arrays.copyOf(piece, n);
                pieces.add(got);
                socket.getOutputStream().write(got);
            }
        } catch (IOException reset) {
            // the tests do that
        }
    }

    int port() {
        return listener.getLocalPort();
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
