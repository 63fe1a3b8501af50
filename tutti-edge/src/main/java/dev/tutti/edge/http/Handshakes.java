package dev.tutti.edge.http;

import dev.tutti.socket.Handshake;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The handshakes by which clients introduce themselves, read from HTTP requests. */
public final class Handshakes {
    private Handshakes() {}

    /** The handshake of {@code request}, which may have come through {@code proxies}. */
    static Handshake of(HttpServerRequest request, RequestUri uri, TrustedProxies proxies) {
        Map<String, String> headers = new HashMap<>();
        request.headers().forEach((name, value) -> {
            String lower = InternedHeaders.headerName(name);
            headers.merge(
                    lower,
                    InternedHeaders.value(value),
                    (one, more) -> one + (lower.equals("cookie") ? "; " : ", ") + more);
        });
        if (request.isSSL()) {
            headers.put("x-forwarded-proto", "https"); // as a proxy says who ends TLS in front of this server
        }
        return new Handshake(address(request, proxies), headers, uri.query(), Map.of());
    }

    /** Where {@code request} comes from. A proxy may write a line of its own behind the one that the client wrote. */
    static String address(HttpServerRequest request, TrustedProxies proxies) {
        List<String> lines = request.headers().getAll("x-forwarded-for");
        return proxies.client(request.remoteAddress().hostAddress(), lines.isEmpty() ? null : String.join(",", lines));
    }

    /** The same with what the client said later, in a message. */
    public static Handshake with(Handshake handshake, Map<String, Object> auth) {
        return new Handshake(handshake.address(), handshake.headers(), handshake.query(), auth);
    }

    /** Cookie {@code name} of {@code handshake}. */
    public static Optional<String> cookie(Handshake handshake, String name) {
        for (String pair : handshake.headers().getOrDefault("cookie", "").split(";", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0 && pair.substring(0, equals).strip().equals(name)) {
                String value = pair.substring(equals + 1).strip();
                return Optional.of(
                        value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                                ? value.substring(1, value.length() - 1)
                                : value);
            }
        }
        return Optional.empty();
    }

    /** Whether the request carries credentials by itself: a cookie, or an Authorization header. */
    public static boolean hasCredentials(Handshake handshake) {
        return handshake.headers().containsKey("authorization")
                || handshake.headers().containsKey("cookie");
    }
}
