package dev.tutti.account;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Handshake;
import java.util.Locale;

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
        return Cookies.read(handshake, Cookies.ACCESS)
                .orElseThrow(() -> refused("no access token: neither bearer nor cookie"));
    }

    private static TuttiException refused(String message) {
        return new TuttiException(ErrorCode.UNAUTHENTICATED, message);
    }
}
