package dev.tutti.edge.ws;

import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.edge.flow.WireError;
import dev.tutti.stream.Appended;
import dev.tutti.stream.ReadResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The server's answers to messages, as UTF-8 JSON. Immutable. */
record Replies(JsonCodec json) {
    byte[] hello(String instance, String socket, long pingMs) {
        Map<String, Object> fields = op("hello", null);
        fields.put("instance", instance);
        fields.put("socket", socket);
        fields.put("pingMs", pingMs);
        return json.bytes(fields);
    }

    byte[] ok(@Nullable Object id, Map<String, ?> more) {
        Map<String, Object> fields = op("ok", id);
        fields.putAll(more);
        return json.bytes(fields);
    }

    byte[] appended(@Nullable Object id, Appended result) {
        return ok(id, Map.of("seq", result.seq(), "at", result.at().toString(), "repeated", result.repeated()));
    }

    byte[] pong(@Nullable Object id) {
        return json.bytes(op("pong", id));
    }

    byte[] error(@Nullable Object id, TuttiException failure) {
        Map<String, Object> fields = op("error", id);
        fields.put("error", WireError.fields(failure));
        return json.bytes(fields);
    }

    byte[] ended(String stream, TuttiException failure) {
        Map<String, Object> fields = op("error", null);
        fields.put("stream", stream);
        fields.put("error", WireError.fields(failure));
        return json.bytes(fields);
    }

    byte[] gap(ReadResult.Gap gap) {
        Map<String, Object> fields = op("gap", null);
        fields.putAll(StreamEncodings.fields(gap));
        return json.bytes(fields);
    }

    private static Map<String, Object> op(String op, @Nullable Object id) {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("op", op);
        if (id != null) {
            fields.put("id", id);
        }
        return fields;
    }
}
