package dev.tutti.server.audit;

import dev.tutti.core.JsonCodec;
import dev.tutti.core.input.Input;
import dev.tutti.core.stream.Streams;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.stream.Event;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The route {@code /api/server/audit}, which gives the records, newest first, to those whom {@code readers} lets through. */
record AuditRoutes(Streams streams, JsonCodec json, Filter readers) {
    private static final String PATH = "/api/server/audit";

    private static final int PAGE = 100;
    private static final int MOST_PAGE = 500;
    private static final int STEP = 1_000;
    private static final int MOST_SCANNED = 5_000;
    private static final int LONGEST_FILTER = 64;

    void addTo(Routes routes) {
        routes.through(readers).on("GET", PATH, this::read);
    }

    private Reply read(Request request) {
        Optional<String> actor = filter("actor", request);
        Optional<String> action = filter("action", request);
        int limit = Input.limit(request.query("limit"), PAGE, MOST_PAGE);
        long before = request.query("before")
                .map(text -> Input.number("before", text))
                .orElse(Long.MAX_VALUE);
        List<Map<String, @Nullable Object>> records = new ArrayList<>();
        boolean more = true;
        int scanned = 0;
        while (more && records.size() < limit && scanned < MOST_SCANNED) {
            int step = actor.isEmpty() && action.isEmpty() ? limit - records.size() : STEP;
            if (!(streams.read(AuditTrail.STREAM, new Range.Before(before), step) instanceof ReadResult.Page page)) {
                more = false; // there is nothing to go on from
                break;
            }
            more = page.more();
            for (Event event : page.events()) {
                if (records.size() == limit) {
                    more = true;
                    break;
                }
                before = event.seq();
                scanned++;
                Map<String, @Nullable Object> shown = shown(event);
                if (matches(actor, shown.get("actor")) && matches(action, event.type())) {
                    records.add(shown);
                }
            }
        }
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("records", records);
        answer.put("more", more);
        if (more) {
            answer.put("before", before);
        }
        return Reply.ok(answer);
    }

    private static Optional<String> filter(String name, Request request) {
        return request.query(name).map(text -> Input.text(name, text, 1, LONGEST_FILTER));
    }

    private static boolean matches(Optional<String> wanted, @Nullable Object value) {
        return wanted.isEmpty() || wanted.get().equals(value);
    }

    private Map<String, @Nullable Object> shown(Event event) {
        Map<String, @Nullable Object> shown = new LinkedHashMap<>();
        shown.put("seq", event.seq());
        if (json.readPlain(event.data().toString()) instanceof Map<?, ?> fields) {
            fields.forEach((name, value) -> shown.put(name.toString(), value));
        }
        return shown;
    }
}
