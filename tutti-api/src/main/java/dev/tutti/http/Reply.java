package dev.tutti.http;

import dev.tutti.TuttiException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * An answer. Where its body is sent with gzip, a strong {@code ETag} among its headers becomes a weak one: the handler does not know in which
 * coding the client gets it.
 *
 * @param status the HTTP status
 * @param headers in order; a name may come more than once
 * @param body what Jackson writes as the JSON body, a {@link String} for plain text, a {@link StreamedContent} that is sent as it is read, or
 *     null for none
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
     * A refusal whose status a protocol prescribes, or that has headers of its own, with the body of any other. Refuse everything else by
     * throwing {@code why}, whose code says the status.
     */
    public static Reply refused(int status, TuttiException why) {
        Map<String, Object> error = new LinkedHashMap<>();
        error.put("code", why.code().text());
        error.put("number", why.code().number());
        error.put("message", String.valueOf(why.getMessage()));
        why.retryAfter().ifPresent(pause -> error.put("retryAfterMs", pause.toMillis()));
        return new Reply(status, List.of(), Map.of("error", error));
    }

    /** The same with one more header. */
    public Reply with(String header, String value) {
        List<Map.Entry<String, String>> more = new ArrayList<>(headers);
        more.add(Map.entry(header, value));
        return new Reply(status, more, body);
    }
}
