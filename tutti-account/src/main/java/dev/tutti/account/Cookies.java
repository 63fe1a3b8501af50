package dev.tutti.account;

import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import java.time.Duration;

/**
 * The two cookies of a browser that is logged in, and the one of a browser that ever was: out of reach for scripts, and
 * never sent by other sites' pages.
 */
final class Cookies {
    static final String ACCESS = "tutti_access";
    static final String REFRESH = "tutti_refresh";

    static final String DEVICE = "tutti_device";

    private static final String ACCESS_PATH = "/";
    private static final String REFRESH_PATH = "/api/auth";

    /** As long as browsers keep any cookie. */
    private static final Duration DEVICE_AGE = Duration.ofDays(400);

    private Cookies() {}

    static Reply setDevice(Reply reply, Request request, String token) {
        return with(reply, request, DEVICE, token, REFRESH_PATH, DEVICE_AGE);
    }

    static Reply set(Reply reply, Request request, Login login, AccountSettings settings) {
        Reply withAccess = with(reply, request, ACCESS, login.accessToken(), ACCESS_PATH, settings.accessTtl());
        return with(withAccess, request, REFRESH, login.refreshToken(), REFRESH_PATH, settings.refreshTtl());
    }

    static Reply clear(Reply reply, Request request) {
        Reply withoutAccess = with(reply, request, ACCESS, "", ACCESS_PATH, Duration.ZERO);
        return with(withoutAccess, request, REFRESH, "", REFRESH_PATH, Duration.ZERO);
    }

    private static Reply with(Reply reply, Request request, String name, String value, String path, Duration age) {
        return reply.with(
                "Set-Cookie",
                name + "=" + value + "; Path=" + path + "; Max-Age=" + age.toSeconds() + "; HttpOnly; SameSite=Strict"
                        + (secure(request) ? "; Secure" : ""));
    }

    /** Whether the browser came by https: a proxy in front says so, or the page's own origin does. */
    private static boolean secure(Request request) {
        return request.header("x-forwarded-proto")
                        .filter(proto -> proto.split(",", 2)[0].strip().equalsIgnoreCase("https"))
                        .isPresent()
                || request.header("origin")
                        .filter(origin -> origin.startsWith("https://"))
                        .isPresent();
    }
}
