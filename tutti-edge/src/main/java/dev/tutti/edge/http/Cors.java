package dev.tutti.edge.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Lets pages of other origins use this server, as far as it is told to (Fetch standard, CORS protocol). Immutable. */
public final class Cors {
    private static final String MAX_AGE_SECONDS = "600";
    private static final String METHODS = "GET, POST, PUT, PATCH, DELETE";
    private static final String EXPOSED =
            "X-Instance-Id, Retry-After, RateLimit-Policy, RateLimit, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset,"
                    + " Location, ETag, Content-Disposition, Content-Range, Tus-Resumable, Upload-Offset, Upload-Length,"
                    + " Upload-Expires";
    private static final String HEADERS = "Authorization, Content-Type, Last-Event-ID";
    private static final Pattern TOKENS = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~, -]{1,1024}");

    private final Set<String> exact;
    private final Set<Pattern> wild;
    private final boolean any;

    /**
     * Allows {@code origins}: a scheme of any kind, a host, maybe a port. A host that begins with an asterisk, as in {@code
     * https://*.app.example}, stands for all below it; an asterisk alone for all origins, but then without cookies. A slash
     * at the end counts as nothing.
     */
    public Cors(Set<String> origins) {
        Set<String> all = origins.stream()
                .map(origin -> origin.endsWith("/") && !origin.endsWith("//")
                        ? origin.substring(0, origin.length() - 1)
                        : origin)
                .map(origin -> origin.toLowerCase(Locale.ROOT))
                .collect(Collectors.toCollection(HashSet::new));
        this.any = all.remove("*");
        this.wild = all.stream()
                .filter(origin -> origin.contains("://*."))
                .map(origin -> Pattern.compile(Pattern.quote(origin).replace("://*.", "://\\E[a-z0-9.-]+\\Q.")))
                .collect(Collectors.toUnmodifiableSet());
        this.exact = all.stream().filter(origin -> !origin.contains("*")).collect(Collectors.toUnmodifiableSet());
    }

    /** Whether it allows {@code origin} by name, so that its pages may bring cookies. */
    boolean names(String origin) {
        String lower = origin.toLowerCase(Locale.ROOT);
        return exact.contains(lower)
                || wild.stream().anyMatch(each -> each.matcher(lower).matches());
    }

    /** Adds what a browser needs to see; returns whether this was a preflight, and is answered. */
    boolean apply(HttpServerRequest request) {
        if (exact.isEmpty() && wild.isEmpty() && !any) {
            return false;
        }
        HttpServerResponse response = request.response();
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ORIGIN);
        String origin = request.getHeader(HttpHeaders.ORIGIN);
        boolean named = origin != null && names(origin);
        if (origin == null || !(named || any)) {
            return false;
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_ORIGIN, named ? origin : "*");
        if (named) {
            response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_CREDENTIALS, "true");
        }
        response.putHeader(HttpHeaders.ACCESS_CONTROL_EXPOSE_HEADERS, EXPOSED);
        String method = request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_METHOD);
        if (method == null || !request.method().name().equals("OPTIONS")) {
            return false;
        }
        response.headers().add(HttpHeaders.VARY, HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS);
        response.putHeader(HttpHeaders.ACCESS_CONTROL_ALLOW_METHODS, METHODS)
                .putHeader(
                        HttpHeaders.ACCESS_CONTROL_ALLOW_HEADERS,
                        asked(request.getHeader(HttpHeaders.ACCESS_CONTROL_REQUEST_HEADERS)))
                .putHeader(HttpHeaders.ACCESS_CONTROL_MAX_AGE, MAX_AGE_SECONDS)
                .setStatusCode(204)
                .end();
        return true;
    }

    /** The headers that an allowed origin asks for; a page's tracing headers, for example, do no harm. */
    private static String asked(@Nullable String headers) {
        return headers != null && TOKENS.matcher(headers).matches() ? headers : HEADERS;
    }
}
