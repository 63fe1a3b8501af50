package dev.tutti.server.api;

import dev.tutti.presence.Presence;
import dev.tutti.presence.Presence.Registration;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;

/** Notes who is connected where there is no chat that does: people with tokens of other issuers alone. */
public final class OnlineSockets {
    private OnlineSockets() {}

    /** Those of {@code namespace}, all of whom have logged in, are under {@link Presence#EVERYWHERE}. */
    public static void add(Namespace namespace, Presence presence) {
        namespace.onConnection(socket -> connected(socket, presence));
    }

    private static void connected(Socket socket, Presence presence) {
        Registration registration =
                presence.enter(Presence.EVERYWHERE, socket.principal().id());
        socket.onDisconnect(reason -> {
            if (reason == DisconnectReason.CLIENT || reason == DisconnectReason.CONNECTION_CLOSED) {
                registration.close();
            } else {
                registration.lost();
            }
        });
    }
}
