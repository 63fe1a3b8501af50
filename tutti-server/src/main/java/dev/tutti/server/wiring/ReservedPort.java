package dev.tutti.server.wiring;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.server.config.Setting;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that is bound, so that nothing else on this machine gets it while the server starts, and not listened on, so that
 * clients and load balancers are refused until somebody is there. The part that needs the port closes this first.
 */
final class ReservedPort implements AutoCloseable {
    private final Socket socket;

    private ReservedPort(Socket socket) {
        this.socket = socket;
    }

    /**
     * Reserves {@code port} at {@code host}; 0, which is any free one, needs no reservation.
     *
     * @param setting what the port is called
     * @throws TuttiException if it is in use or cannot be had; the message names it
     */
    static ReservedPort of(Setting<?> setting, String host, int port) {
        Socket socket = new Socket();
        try {
            if (port != 0) {
                socket.setReuseAddress(true); // connections of a server that has ended linger, and are no hindrance
                socket.bind(new InetSocketAddress(host, port));
            }
            return new ReservedPort(socket);
        } catch (IOException | IllegalArgumentException failure) {
            close(socket);
            String where = setting.name() + " " + port + " at HOST " + host;
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    failure instanceof BindException taken
                                    && String.valueOf(taken.getMessage()).contains("in use")
                            ? where + " is in use by another process; stop that one, or set " + setting.name()
                                    + " to a free one"
                            : where + " cannot be listened on: " + failure.getMessage(),
                    failure);
        }
    }

    @Override
    public void close() {
        close(socket);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException _) {
            // nothing was sent over it
        }
    }
}
