package dev.tutti.socketio.engineio;

import dev.tutti.socket.Handshake;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The names and values of parameters that every client sends. Each of them is one string for all clients, because sessions keep their
 * handshakes for as long as they last.
 */
final class CommonQuery {
    private static final Map<String, String> TEXTS = Set.of("EIO", "4", "transport", "polling", "websocket").stream()
            .collect(Collectors.toUnmodifiableMap(Function.identity(), Function.identity()));

    private CommonQuery() {}

    /** {@code handshake} with the strings of all clients, where its parameters are equal to them. */
    static Handshake shared(Handshake handshake) {
        Map<String, String> query = new HashMap<>();
        handshake.query().forEach((name, value) -> query.put(shared(name), shared(value)));
        return new Handshake(handshake.address(), handshake.headers(), query, handshake.auth());
    }

    private static String shared(String text) {
        return TEXTS.getOrDefault(text, text);
    }
}
