package dev.tutti.http;

import dev.tutti.TuttiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer to a request. If its body is sent with gzip, a strong {@code ETag} among its headers becomes a weak one, because the handler
 * does not know the coding that the client gets.
 *
 * @param status the HTTP status
 * @param headers the headers in order; a name may occur more than once
 * @param body an object that Jackson writes as JSON, a {@link String} for plain text, a {@link StreamedContent} that is sent while it is
 *     read, or null for none
 */
public record Reply(
        int status,
        List<Map.Entry<String, String>> headers,
        @Nullable Object body) {
    public Reply {
        headers = List.copyOf(headers);
    }

    /** 200 with a JSON body. */
    public static Reply ok(Object body) {
        return new Reply(200, List.of(), body);
    }

    /** 201 with a JSON body. */
    public static Reply created(Object body) {
        return new Reply(201, List.of(), body);
    }

    /** 204 without a body. */
    public static Reply empty() {
        return new Reply(204, List.of(), null);
    }

    /**
     * A refusal with a status that a protocol prescribes, or with additional headers. Its body is that of any other refusal. In all other
     * cases throw {@code why} instead; its code determines the status.
     */
    public static Reply refused(int status, TuttiException why) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", why.code().text());
        error.put("number", why.code().number());
        error.put("message", String.valueOf(why.getMessage()));
        why.retryAfter().ifPresent(pause -> error.put("retryAfterMs", pause.toMillis()));
        return new Reply(status, List.of(), Map.of("error", error));
    }

    /** The same with one additional header. */
    public Reply with(String header, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(header, value));
        return new Reply(status, more, body);
    }
}
