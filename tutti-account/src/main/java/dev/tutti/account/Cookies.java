package dev.tutti.account;

import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.socket.Handshake;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The two cookies of a browser that is logged in, the one of a browser that ever was, and the one of a visitor with preferences: out of reach for scripts, and
 * never sent by other sites' pages. Over https their names begin with {@code __Host-} (RFC 6265bis, section 4.1.3.2), so
 * that neither a page of a sibling domain nor anybody on a plain connection can set them, and no other names are read.
 */
final class Cookies {
    static final String ACCESS = "tutti_access";
    static final String REFRESH = "tutti_refresh";
    static final String DEVICE = "tutti_device";
    static final String VISITOR = "tutti_visitor";

    /** The prefix of the names of cookies that only this host can have set, over https. */
    static final String OF_HOST = "__Host-";

    private static final List<String> ALL = List.of(ACCESS, REFRESH, DEVICE, VISITOR);

    private static final String EVERYWHERE = "/";
    private static final String AUTH = "/api/auth";

    /** As long as browsers keep any cookie. */
    private static final Duration DEVICE_AGE = Duration.ofDays(400);

    private Cookies() {}

    /** The cookie called {@code name} of a browser, with {@link #OF_HOST} over https: anybody may have set what is called {@code name} there. */
    static Optional<String> read(Request request, String name) {
        return read(request.handshake(), name);
    }

    /** The same. */
    static Optional<String> read(Handshake handshake, String name) {
        return cookie(handshake, secure(handshake) ? OF_HOST + name : name);
    }

    static Reply setVisitor(Reply reply, Request request, String token) {
        return set(reply, request, VISITOR, token, DEVICE_AGE);
    }

    static Reply setDevice(Reply reply, Request request, String token) {
        return set(reply, request, DEVICE, token, DEVICE_AGE);
    }

    static Reply set(Reply reply, Request request, Login login, AccountSettings settings) {
        // as long as the other one: what has run out still says that somebody is logged in here, and has to renew it
        Reply withAccess = set(reply, request, ACCESS, login.accessToken(), settings.refreshTtl());
        return set(withAccess, request, REFRESH, login.refreshToken(), settings.refreshTtl());
    }

    /** Without the two of a login, whatever their names. */
    static Reply clear(Reply reply, Request request) {
        Reply cleared = plain(plain(reply, request, ACCESS, "", Duration.ZERO), request, REFRESH, "", Duration.ZERO);
        return showsOfHost(request.handshake())
                ? ofHost(ofHost(cleared, ACCESS, "", Duration.ZERO), REFRESH, "", Duration.ZERO)
                : cleared;
    }

    private static Reply set(Reply reply, Request request, String name, String value, Duration age) {
        if (!secure(request.handshake())) {
            return plain(reply, request, name, value, age);
        }
        Reply set = ofHost(reply, name, value, age);
        return request.cookie(name).isPresent() ? plain(set, request, name, "", Duration.ZERO) : set;
    }

    private static Reply ofHost(Reply reply, String name, String value, Duration age) {
        return with(reply, OF_HOST + name, value, EVERYWHERE, age, true);
    }

    private static Reply plain(Reply reply, Request request, String name, String value, Duration age) {
        return with(
                reply,
                name,
                value,
                name.equals(ACCESS) || name.equals(VISITOR) ? EVERYWHERE : AUTH,
                age,
                secure(request.handshake()));
    }

    private static Reply with(Reply reply, String name, String value, String path, Duration age, boolean secure) {
        return reply.with(
                "Set-Cookie",
                name + "=" + value + "; Path=" + path + "; Max-Age=" + age.toSeconds() + "; HttpOnly; SameSite=Strict"
                        + (secure ? "; Secure" : ""));
    }

    /**
     * Whether the browser came by https: this server's own TLS or a proxy in front says so, the page's own origin does, or a cookie of
     * https alone. A client that makes that up gets less read, and nobody is asked whether the proxy is a trusted one.
     */
    private static boolean secure(Handshake handshake) {
        String proto = handshake.headers().getOrDefault("x-forwarded-proto", "");
        return proto.split(",", 2)[0].strip().equalsIgnoreCase("https")
                || handshake.headers().getOrDefault("origin", "").startsWith("https://")
                || showsOfHost(handshake);
    }

    private static boolean showsOfHost(Handshake handshake) {
        return ALL.stream().anyMatch(name -> cookie(handshake, OF_HOST + name).isPresent());
    }

    /** The first cookie of that name, as RFC 6265, section 5.4 writes them. */
    private static Optional<String> cookie(Handshake handshake, String name) {
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
}
