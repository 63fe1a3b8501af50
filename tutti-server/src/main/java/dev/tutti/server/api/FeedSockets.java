package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Socket;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Feeds over Socket.IO: {@code feed:subscribe {key, version}} is acknowledged with the version that is held, and {@code feed {key,
 * version, value}} comes if that is another one than the client's, and with each newer one.
 */
public final class FeedSockets {
    private final FeedGate gate;

    private FeedSockets(FeedGate gate) {
        this.gate = gate;
    }

    private record Wish(@Nullable String key, @Nullable Long version) {
        String requiredKey() {
            if (key == null) {
                throw new TuttiException(ErrorCode.BAD_REQUEST, "key is missing");
            }
            return key;
        }

        long known() {
            return version == null ? 0 : version;
        }
    }

    /** Offers them to the sockets of {@code namespace}. */
    public static void add(Namespace namespace, FeedGate gate) {
        FeedSockets feeds = new FeedSockets(gate);
        namespace.onConnection(socket -> socket.on("feed:subscribe", message -> feeds.subscribe(socket, message))
                .on("feed:unsubscribe", message -> unsubscribe(socket, message)));
    }

    private void subscribe(Socket socket, Message message) {
        Wish wish = message.as(0, Wish.class);
        FeedKey key = gate.readable(socket.principal(), wish.requiredKey());
        message.reply(Map.of("ok", true, "version", socket.subscribe(key, wish.known())));
    }

    private static void unsubscribe(Socket socket, Message message) {
        socket.unsubscribe(new FeedKey(message.as(0, Wish.class).requiredKey()));
        message.reply(Map.of("ok", true));
    }
}
