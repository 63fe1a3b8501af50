package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Handshake;
import java.util.Locale;
import java.util.Optional;

/** Finds the access token that a request or connection shows. */
public final class Credentials {
    private static final String BEARER = "bearer ";

    private Credentials() {}

    /**
     * The {@code auth} payload's token, else the {@code Authorization} header's, else the cookie's. One that is shown but
     * wrong is not made good by another.
     *
     * @throws TuttiException with {@link ErrorCode#UNAUTHENTICATED} if there is none
     */
    public static String token(Handshake handshake) {
        Object shown = handshake.auth().get("token");
        if (shown != null) {
            if (shown instanceof String token) {
                return token;
            }
            throw refused("auth.token is not a string");
        }
        String authorization = handshake.headers().get("authorization");
        if (authorization != null) {
            if (authorization.toLowerCase(Locale.ROOT).startsWith(BEARER)) {
                return authorization.substring(BEARER.length()).strip();
            }
            throw refused("the Authorization header is not of the form: Bearer <access token>");
        }
        return cookie(handshake, Cookies.OF_HOST + Cookies.ACCESS)
                .or(() -> plainCookie(handshake))
                .orElseThrow(() -> refused("no access token: neither bearer nor cookie"));
    }

    /** One that another host may have set, and that counts for nothing beside what this host has set. */
    private static Optional<String> plainCookie(Handshake handshake) {
        return cookie(handshake, Cookies.OF_HOST + Cookies.REFRESH).isPresent()
                ? Optional.empty()
                : cookie(handshake, Cookies.ACCESS);
    }

    /** The first cookie of that name, as RFC 6265, section 5.4 writes them. */
    static Optional<String> cookie(Handshake handshake, String name) {
        String header = handshake.headers().getOrDefault("cookie", "");
        for (int start = 0; start < header.length(); ) {
            int end = header.indexOf(';', start);
            end = end < 0 ? header.length() : end;
            int equals = header.indexOf('=', start);
            if (equals > 0
                    && equals < end
                    && header.substring(start, equals).strip().equals(name)) {
                return Optional.of(header.substring(equals + 1, end).strip());
            }
            start = end + 1;
        }
        return Optional.empty();
    }

    private static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.UNAUTHENTICATED, message);
    }
}
