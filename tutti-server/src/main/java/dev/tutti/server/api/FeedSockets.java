package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.feed.FeedGate;
import dev.tutti.feed.FeedKey;
import dev.tutti.socket.Message;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;

/**
 * Feeds over Socket.IO: {@code feed:subscribe {key, version}} is acknowledged with the version that is held, and {@code feed {key,
 * version, value}} comes if that is another one than the client's, and with each newer one. Safe for use by many threads.
 */
public final class FeedSockets {
    private final FeedGate gate;
    private final ConcurrentMap<Socket, Set<FeedKey>> held = new ConcurrentHashMap<>(); // bounded as subscriptions are

    private FeedSockets(FeedGate gate) {
        this.gate = gate;
    }

    private record FeedRequest(
            @Nullable String key, @Nullable Long version) {
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
    public static FeedSockets add(Namespace namespace, FeedGate gate) {
        FeedSockets feeds = new FeedSockets(gate);
        namespace.onConnection(socket -> socket.on("feed:subscribe", message -> feeds.subscribe(socket, message))
                .on("feed:unsubscribe", message -> feeds.unsubscribe(socket, message))
                .onDisconnect(_ -> feeds.held.remove(socket)));
        return feeds;
    }

    private void subscribe(Socket socket, Message message) {
        FeedRequest wanted = message.as(0, FeedRequest.class);
        FeedKey key = gate.readable(socket.principal(), wanted.requiredKey());
        long version = socket.subscribe(key, wanted.known());
        held.computeIfAbsent(socket, _ -> ConcurrentHashMap.newKeySet(1)).add(key);
        message.reply(Map.of("ok", true, "version", version));
    }

    private void unsubscribe(Socket socket, Message message) {
        end(socket, List.of(new FeedKey(message.as(0, FeedRequest.class).requiredKey())));
        message.reply(Map.of("ok", true));
    }

    /**
     * The feeds that {@code socket} has subscribed to here and {@code who} may not read. Blocks.
     *
     * @throws TuttiException if that cannot be said at the moment
     */
    List<FeedKey> refused(Socket socket, Principal who) {
        return held.getOrDefault(socket, Set.of()).stream()
                .filter(key -> !gate.mayRead(who, key))
                .sorted()
                .toList();
    }

    /** Ends the subscriptions of {@code socket} to {@code keys}. */
    void end(Socket socket, List<FeedKey> keys) {
        keys.forEach(socket::unsubscribe);
        held.computeIfPresent(socket, (_, all) -> {
            keys.forEach(all::remove);
            return all.isEmpty() ? null : all;
        });
    }
}
