package dev.tutti.edge.engineio;

import dev.tutti.socket.Handshake;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.SocketAddress;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What of a request is kept for the life of its session. */
final class Handshakes {
    private static final Map<String, String> KNOWN = Stream.of(
                    "accept",
                    "accept-encoding",
                    "accept-language",
                    "authorization",
                    "cache-control",
                    "connection",
                    "cookie",
                    "host",
                    "origin",
                    "pragma",
                    "referer",
                    "sec-fetch-dest",
                    "sec-fetch-mode",
                    "sec-fetch-site",
                    "sec-websocket-extensions",
                    "sec-websocket-key",
                    "sec-websocket-version",
                    "upgrade",
                    "user-agent",
                    "x-forwarded-for",
                    "x-forwarded-proto")
            .collect(Collectors.toUnmodifiableMap(name -> name, name -> name));

    private Handshakes() {}

    static Handshake of(HttpServerRequest request) {
        Map<String, String> headers = new HashMap<>();
        request.headers()
                .forEach((name, value) -> headers.merge(
                        known(name.toLowerCase(Locale.ROOT)), value, (first, more) -> first + ", " + more));
        Map<String, String> query = new HashMap<>();
        request.params().forEach((name, value) -> query.putIfAbsent(name, value));
        @Nullable SocketAddress address = request.remoteAddress();
        @Nullable String host = address == null ? null : address.hostAddress();
        return new Handshake(host == null ? "" : host, headers, query, Map.of());
    }

    /** The same string for every session, where every session has it. */
    private static String known(String name) {
        return KNOWN.getOrDefault(name, name);
    }
}
