package dev.tutti.faults;

import dev.tutti.testkit.client.Account;
import dev.tutti.testkit.client.Api;
import dev.tutti.testkit.history.LogEntry;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/** The streams as an instance reads them to somebody. Blocks. */
final class StreamReader {
    private static final String CONVERSATION = "conversation:";

    /** The events of a stream, and the last seq before them. */
    private record Part(List<LogEntry> events, long dropped) {}

    private final Api api;
    private final URI address;
    private final Map<String, Long> founded = new HashMap<>();

    StreamReader(Api api, URI address) {
        this.api = api;
        this.address = address;
    }

    /** How long {@code stream} is at its beginning, before anybody has said anything. */
    long founded(String stream, Account reader) throws IOException, InterruptedException {
        long head = stream.startsWith(CONVERSATION)
                ? api.get(address, path(stream), reader).path("lastSeq").asLong()
                : events(stream, reader).events().size();
        founded.put(stream, head);
        return head;
    }

    /** All that is kept of the streams, each as its reader is given it. */
    Log read(Map<String, Account> readers) throws IOException, InterruptedException {
        Map<String, List<LogEntry>> events = new LinkedHashMap<>();
        Map<String, Long> dropped = new HashMap<>();
        for (Map.Entry<String, Account> reader : readers.entrySet()) {
            String stream = reader.getKey();
            if (stream.startsWith(CONVERSATION)) {
                events.put(stream, messages(stream, reader.getValue()));
            } else {
                Part part = events(stream, reader.getValue());
                events.put(stream, part.events());
                dropped.put(stream, part.dropped());
            }
        }
        return new Log(events, dropped);
    }

    /** A conversation as its history has it, behind the events of its founding, which are no messages. */
    private List<LogEntry> messages(String stream, Account reader) throws IOException, InterruptedException {
        List<LogEntry> events = new ArrayList<>();
        String before = "";
        boolean more = true;
        while (more) {
            JsonNode page = api.get(address, path(stream) + "/messages?limit=200" + before, reader);
            List<LogEntry> part = new ArrayList<>();
            for (JsonNode message : page.path("messages")) {
                String key = message.path("sender").asString() + "."
                        + message.path("id").asString();
                part.add(new LogEntry(message.path("seq").asLong(), key));
            }
            events.addAll(part); // the newest first
            before = "&before=" + page.path("before").asLong();
            more = page.path("more").asBoolean(false);
        }
        List<LogEntry> all = new ArrayList<>();
        for (long seq = 1; seq <= founded.getOrDefault(stream, 0L); seq++) {
            all.add(new LogEntry(seq, null));
        }
        all.addAll(events.reversed());
        return all;
    }

    private Part events(String stream, Account reader) throws IOException, InterruptedException {
        List<LogEntry> events = new ArrayList<>();
        long dropped = 0;
        boolean more = true;
        while (more) {
            long after = events.isEmpty() ? dropped : events.getLast().seq();
            JsonNode page = api.get(address, "/api/streams/" + stream + "?limit=1000&after=" + after, reader);
            if (page.has("gap")) {
                events.clear();
                dropped = page.path("gap").path("resume").asLong();
                continue;
            }
            for (JsonNode event : page.path("events")) {
                String key = event.path("key").isString() ? event.path("key").asString() : null;
                events.add(new LogEntry(event.path("seq").asLong(), key));
            }
            more = page.path("more").asBoolean(false);
        }
        return new Part(events, dropped);
    }

    private static String path(String stream) {
        return "/api/conversations/" + stream.substring(CONVERSATION.length());
    }
}
