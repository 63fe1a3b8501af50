package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.socket.Handshake;
import java.net.URI;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one place that keeps pages of other sites from using a visitor's cookies. A browser says where a request comes from
 * in Sec-Fetch-Site, an older one in Origin; what says neither is not a browser, and its cookies are its own.
 */
final class SameSite {
    private SameSite() {}

    /**
     * Checks a request that changes something, or opens a socket.
     *
     * @param cors says which other sites are allowed to
     * @throws TuttiException with {@link ErrorCode#FORBIDDEN} if it brings cookies from elsewhere
     */
    static void require(Handshake handshake, Cors cors) {
        Map<String, String> headers = handshake.headers();
        if (!headers.containsKey("cookie") || headers.containsKey("authorization")) {
            return; // nothing that a browser adds by itself
        }
        String origin = headers.get("origin");
        if (origin != null && cors.names(origin)) {
            return;
        }
        String site = headers.get("sec-fetch-site");
        boolean same = site != null
                ? site.equals("same-origin") || site.equals("none")
                : origin == null || sameHost(origin, headers.get("host"));
        if (!same) {
            throw new TuttiException(ErrorCode.FORBIDDEN, "cookies are not accepted from a page of another site");
        }
    }

    private static boolean sameHost(String origin, @Nullable String host) {
        try {
            String authority = URI.create(origin).getRawAuthority();
            return authority != null && authority.equalsIgnoreCase(host);
        } catch (IllegalArgumentException malformed) {
            return false;
        }
    }
}
