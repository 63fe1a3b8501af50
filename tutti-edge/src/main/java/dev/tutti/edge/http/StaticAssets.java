package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.http.EntityTag;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Files of the class path, kept in memory, whole and compressed, once they were asked for: so what they take is bounded by
 * what is on the class path. Only types that are known are served. Filled before the server starts, then safe for use by
 * many threads.
 */
public final class StaticAssets {
    /** The policy on what a page may load and do, unless told otherwise: only what comes from here. */
    public static final String CONTENT_SECURITY_POLICY =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self';"
                    + " connect-src 'self'; manifest-src 'self'; worker-src 'self'; base-uri 'none';"
                    + " form-action 'self'; frame-ancestors 'none'";

    private static final Logger log = LoggerFactory.getLogger(StaticAssets.class);
    private static final Pattern VERSIONED =
            Pattern.compile(".*/[0-9]+\\.[0-9]+[^/]*/.*|.*[.-][0-9a-f]{8,64}\\.[a-z0-9]+");
    private static final Pattern PACKED = Pattern.compile("font/.*|image/(png|webp|x-icon)");
    private static final int GZIP_FROM_BYTES = 512;
    private static final Map<String, String> TYPES = Map.ofEntries(
            Map.entry("html", "text/html; charset=utf-8"),
            Map.entry("css", "text/css; charset=utf-8"),
            Map.entry("js", "text/javascript; charset=utf-8"),
            Map.entry("mjs", "text/javascript; charset=utf-8"),
            Map.entry("map", "application/json"),
            Map.entry("json", "application/json"),
            Map.entry("webmanifest", "application/manifest+json"),
            Map.entry("yaml", "application/yaml; charset=utf-8"),
            Map.entry("txt", "text/plain; charset=utf-8"),
            Map.entry("svg", "image/svg+xml"),
            Map.entry("png", "image/png"),
            Map.entry("ico", "image/x-icon"),
            Map.entry("webp", "image/webp"),
            Map.entry("woff2", "font/woff2"));

    private record Mount(String path, String folder) {}

    private record Asset(
            String type,
            String tag,
            boolean immutable,
            Buffer plain,
            @Nullable Buffer compressed) {}

    private final ClassLoader loader;
    private final List<Mount> mounts = new ArrayList<>();
    private final ConcurrentMap<String, Asset> loaded = new ConcurrentHashMap<>();
    private String policy = CONTENT_SECURITY_POLICY;

    /** Assets that {@code loader} finds. */
    public StaticAssets(ClassLoader loader) {
        this.loader = loader;
    }

    /** Serves the files of the class path's {@code folder} below {@code path}, which ends with a slash. */
    public StaticAssets mount(String path, String folder) {
        if (!path.startsWith("/") || !path.endsWith("/")) {
            throw new IllegalArgumentException("assets' path " + path + " does not begin and end with a slash");
        }
        mounts.add(new Mount(path, folder.endsWith("/") ? folder : folder + "/"));
        mounts.sort((one, other) -> other.path().length() - one.path().length());
        return this;
    }

    /** Sets the Content-Security-Policy of all files, in place of {@link #CONTENT_SECURITY_POLICY}; before the server starts. */
    public StaticAssets contentSecurityPolicy(String value) {
        policy = value;
        return this;
    }

    /** Answers {@code exchange} with the file at its path, or with {@link ErrorCode#NOT_FOUND}. Does not block. */
    void serve(Exchange exchange) {
        String path = exchange.uri().path();
        String resource =
                resource(path.endsWith("/") ? path + "index.html" : path).orElse(null);
        if (resource == null) {
            exchange.fail(notFound());
            return;
        }
        Asset known = loaded.get(resource);
        if (known != null) {
            answer(exchange, known);
            return;
        }
        Thread.ofVirtual().name("tutti-assets").start(() -> {
            Optional<Asset> found = load(resource);
            exchange.onLoop(
                    () -> found.ifPresentOrElse(asset -> answer(exchange, asset), () -> exchange.fail(notFound())));
        });
    }

    private void answer(Exchange exchange, Asset asset) {
        if (!exchange.answerable()) {
            return;
        }
        Optional<String> codings = Optional.ofNullable(exchange.request().getHeader(HttpHeaders.ACCEPT_ENCODING));
        @Nullable Buffer compressed = Gzip.accepted(codings) ? asset.compressed() : null;
        EntityTag tag = new EntityTag(asset.tag(), compressed != null);
        @Nullable String ifNoneMatch = exchange.request().getHeader(HttpHeaders.IF_NONE_MATCH);
        boolean known = ifNoneMatch != null && tag.isNamedIn(ifNoneMatch);
        if (!known && !exchange.admits(asset.plain().length())) {
            return;
        }
        HttpServerResponse response = exchange.request().response();
        response.putHeader(HttpHeaders.ETAG, tag.toString())
                .putHeader(
                        HttpHeaders.CACHE_CONTROL,
                        asset.immutable() ? "public, max-age=31536000, immutable" : "no-cache")
                .putHeader("Content-Security-Policy", policy)
                .putHeader("Cross-Origin-Opener-Policy", "same-origin")
                .headers()
                .add(HttpHeaders.VARY, HttpHeaders.ACCEPT_ENCODING);
        if (known) {
            exchange.send(304);
            return;
        }
        if (compressed != null) {
            response.putHeader(HttpHeaders.CONTENT_ENCODING, "gzip");
            exchange.send(200, asset.type(), compressed);
        } else {
            exchange.send(200, asset.type(), asset.plain());
        }
    }

    private Optional<String> resource(String path) {
        if (path.contains("//") || path.contains("/.") || path.indexOf('\\') >= 0 || type(path) == null) {
            return Optional.empty();
        }
        return mounts.stream()
                .filter(mount -> path.startsWith(mount.path()))
                .findFirst()
                .map(mount -> mount.folder() + path.substring(mount.path().length()));
    }

    private Optional<Asset> load(String resource) {
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) {
                return Optional.empty();
            }
            byte[] bytes = in.readAllBytes();
            String type = String.valueOf(type(resource));
            boolean compress =
                    bytes.length >= GZIP_FROM_BYTES && !PACKED.matcher(type).matches();
            Asset asset = new Asset(
                    type,
                    tag(bytes),
                    VERSIONED.matcher("/" + resource).matches(),
                    Buffer.buffer(bytes),
                    compress ? Buffer.buffer(Gzip.compress(bytes)) : null);
            loaded.put(resource, asset);
            return Optional.of(asset);
        } catch (IOException unreadable) {
            log.error("Asset {} cannot be read from the class path; it is answered as not found", resource, unreadable);
            return Optional.empty();
        }
    }

    private static @Nullable String type(String path) {
        return TYPES.get(path.substring(path.lastIndexOf('.') + 1));
    }

    private static String tag(byte[] bytes) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
            return HexFormat.of().formatHex(digest, 0, 12);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static TuttiException notFound() {
        return new TuttiException(ErrorCode.NOT_FOUND, "there is nothing at this path");
    }
}
