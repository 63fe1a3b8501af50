package dev.tutti.edge.http;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.http.Request;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Json;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * One request as its handler sees it; its body has at most {@code maxBody} bytes when it is unpacked, unless it is streamed. {@code
 * room} takes so many bytes of what there is for bodies, if there are as many; {@code identified} hears who asks when that is
 * known. Immutable.
 */
record RouteRequest(
        String method,
        String path,
        Handshake handshake,
        Map<String, String> segments,
        Buffer content,
        @Nullable InputStream streamed,
        int maxBody,
        IntPredicate room,
        JsonCodec json,
        Consumer<Principal> identified,
        @Nullable Principal known)
        implements Request {
    @Override
    public Principal principal() {
        if (known == null) {
            throw new TuttiException(ErrorCode.UNAUTHENTICATED, "this path does not ask who you are");
        }
        return known;
    }

    @Override
    public Request by(Principal principal) {
        identified.accept(principal);
        return new RouteRequest(
                method, path, handshake, segments, content, streamed, maxBody, room, json, identified, principal);
    }

    @Override
    public String segment(String name) {
        String value = segments.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no segment :" + name);
        }
        return value;
    }

    @Override
    public Optional<String> query(String name) {
        return Optional.ofNullable(handshake.query().get(name));
    }

    @Override
    public Optional<String> header(String name) {
        return Optional.ofNullable(handshake.headers().get(name.toLowerCase(Locale.ROOT)));
    }

    @Override
    public Optional<String> cookie(String name) {
        return Handshakes.cookie(handshake, name);
    }

    @Override
    public InputStream stream() {
        return streamed != null ? streamed : new ByteArrayInputStream(content.getBytes());
    }

    @Override
    public <T> T body(Class<T> type) {
        String contentType = header("content-type").orElse("").toLowerCase(Locale.ROOT);
        String mediaType = contentType.split(";", 2)[0].strip();
        if (!mediaType.equals("application/json")) {
            throw new TuttiException(
                    ErrorCode.UNSUPPORTED, "the body's content type must be application/json, in UTF-8");
        }
        if (content.length() == 0) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "the request has no body");
        }
        byte[] bytes = unpacked();
        if (type == Json.class) {
            return type.cast(json.checked(bytes)); // only what is well-formed becomes one
        }
        return json.read(bytes, type);
    }

    /** The body without its content coding (RFC 9110, section 8.4). */
    private byte[] unpacked() {
        String coding = header("content-encoding").orElse("identity").strip().toLowerCase(Locale.ROOT);
        return switch (coding) {
            case "", "identity" -> content.getBytes();
            case "gzip", "x-gzip" -> Gzip.uncompressed(content.getBytes(), maxBody, room);
            default ->
                throw new TuttiException(ErrorCode.UNSUPPORTED, "a body may be packed with gzip, and in no other way");
        };
    }
}
