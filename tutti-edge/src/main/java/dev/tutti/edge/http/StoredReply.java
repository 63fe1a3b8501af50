package dev.tutti.edge.http;

import dev.tutti.core.JsonCodec;
import dev.tutti.http.Reply;
import dev.tutti.stream.Json;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer as it is kept.
 *
 * @param headers without those that say how it is kept
 * @param kind what the body is
 * @param body empty for none
 * @param length the body's, in bytes
 * @param etag without quotes
 * @param made when, in milliseconds since the epoch
 */
record StoredReply(List<Header> headers, Kind kind, String body, int length, String etag, long made) {
    /** The kinds of bodies. */
    enum Kind {
        /** There is none. */
        NONE,
        /** Plain text. */
        TEXT,
        /** JSON. */
        JSON
    }

    /** One header. */
    record Header(String name, String value) {}

    private static final int ETAG_BYTES = 16;

    StoredReply {
        headers = List.copyOf(headers);
    }

    static StoredReply of(Reply reply, List<Header> headers, JsonCodec json, Instant now) {
        @Nullable Object content = reply.body();
        Kind kind = switch (content) {
            case null -> Kind.NONE;
            case String _ -> Kind.TEXT;
            default -> Kind.JSON;
        };
        byte[] bytes = switch (content) {
            case null -> new byte[0];
            case String text -> text.getBytes(StandardCharsets.UTF_8);
            default -> json.bytes(content);
        };
        return new StoredReply(
                headers,
                kind,
                new String(bytes, StandardCharsets.UTF_8),
                bytes.length,
                etag(kind, headers, bytes),
                now.toEpochMilli());
    }

    private static String etag(Kind kind, List<Header> headers, byte[] body) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update((kind + "\n" + headers + "\n").getBytes(StandardCharsets.UTF_8));
            byte[] whole = digest.digest(body);
            return Base64.getUrlEncoder().withoutPadding().encodeToString(whole).substring(0, ETAG_BYTES);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** As an answer, with {@code more} headers. */
    Reply reply(List<Map.Entry<String, String>> more) {
        Reply reply = new Reply(
                200,
                more,
                switch (kind) {
                    case NONE -> null;
                    case TEXT -> body;
                    case JSON -> Json.of(body);
                });
        for (Header header : headers) {
            reply = reply.with(header.name(), header.value());
        }
        return reply;
    }
}
