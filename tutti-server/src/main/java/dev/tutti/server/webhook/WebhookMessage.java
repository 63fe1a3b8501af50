package dev.tutti.server.webhook;

import dev.tutti.core.JsonCodec;
import dev.tutti.server.outbound.SigningSecret;
import dev.tutti.stream.Event;
import dev.tutti.stream.ReadResult;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.util.RawValue;

/**
 * One message to a receiver, as of the Standard Webhooks specification: some events of one stream, or a gap in it. Its id is that of its
 * content, so that it is the same when it is sent again. Immutable.
 */
final class WebhookMessage {
    /** The most events in one. */
    static final int MAX_EVENTS = 100;

    /** The most bytes of data in one, but for a single event that has more. */
    static final long MAX_BYTES = 256 * 1024;

    private static final int ID_BYTES = 16;

    private final String id;
    private final byte[] body;
    private final int events;

    private WebhookMessage(String id, byte[] body, int events) {
        this.id = id;
        this.body = body;
        this.events = events;
    }

    /** As many of {@code events}, one at least, as go into one message. */
    static List<Event> fitting(List<Event> events) {
        long bytes = 0;
        int count = 0;
        while (count < Math.min(events.size(), MAX_EVENTS)) {
            bytes += events.get(count).data().length();
            if (count > 0 && bytes > MAX_BYTES) {
                break;
            }
            count++;
        }
        return events.subList(0, count);
    }

    /** The one with {@code events} of one stream, one at least. */
    static WebhookMessage of(String webhook, List<Event> events, JsonCodec json) {
        List<Map<String, Object>> shown = new ArrayList<>();
        for (Event event : events) {
            Map<String, Object> fields = new LinkedHashMap<>();
            fields.put("seq", event.seq());
            fields.put("type", event.type());
            fields.put("at", event.at());
            String key = event.key();
            if (key != null) {
                fields.put("key", key);
            }
            fields.put("data", new RawValue(event.data().toString()));
            shown.add(fields);
        }
        String stream = events.getFirst().stream().value();
        long last = events.getLast().seq();
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("webhook", webhook);
        data.put("stream", stream);
        data.put("events", shown);
        return new WebhookMessage(
                id(webhook, stream, events.getFirst().seq(), last),
                json.bytes(content("stream.events", events.getLast().at(), data)),
                events.size());
    }

    /** The one that says that events of a stream are not there any more. */
    static WebhookMessage of(String webhook, ReadResult.Gap gap, Instant now, JsonCodec json) {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("webhook", webhook);
        data.put("stream", gap.stream().value());
        data.put("after", gap.after());
        data.put("resume", gap.resume());
        data.put("reason", gap.reason().text());
        return new WebhookMessage(
                id(webhook, gap.stream().value(), gap.after(), -gap.resume()),
                json.bytes(content("stream.gap", now, data)),
                0);
    }

    private static Map<String, Object> content(String type, Instant timestamp, Map<String, Object> data) {
        Map<String, Object> content = new LinkedHashMap<>();
        content.put("type", type);
        content.put("timestamp", timestamp);
        content.put("data", data);
        return content;
    }

    private static String id(String webhook, String stream, long first, long last) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256")
                    .digest((webhook + " " + stream + " " + first + " " + last).getBytes(StandardCharsets.UTF_8));
            return "msg_" + HexFormat.of().formatHex(Arrays.copyOf(hash, ID_BYTES));
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** How many events it has. */
    int events() {
        return events;
    }

    /** The bytes that are sent. */
    byte[] body() {
        return body.clone();
    }

    /** The headers that go with it, if it is sent at {@code now}, with a signature by each of {@code secrets}. */
    Map<String, String> headers(List<SigningSecret> secrets, Instant now) {
        return SigningSecret.headers(secrets, id, body, now);
    }
}
