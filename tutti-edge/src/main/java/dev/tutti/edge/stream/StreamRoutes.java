package dev.tutti.edge.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.core.stream.Streams;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.edge.flow.WireError;
import dev.tutti.http.Filter;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Appended;
import dev.tutti.stream.Event;
import dev.tutti.stream.Json;
import dev.tutti.stream.Range;
import dev.tutti.stream.ReadResult;
import dev.tutti.stream.StreamName;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Streams over REST: read a page, append an event. Safe for use by many threads. */
public final class StreamRoutes {
    private static final int DEFAULT_LIMIT = 100;
    private static final int MAX_LIMIT = 1_000;
    private static final int MAX_BATCH = 1_000;

    private final StreamGate gate;
    private final JsonCodec json;

    private StreamRoutes(StreamGate gate, JsonCodec json) {
        this.gate = gate;
        this.json = json;
    }

    /** Adds {@code POST /api/streams}, and {@code GET} and {@code POST /api/streams/:name}, to {@code routes}. */
    public static void add(Routes routes, StreamGate gate, JsonCodec json) {
        StreamRoutes streams = new StreamRoutes(gate, json);
        routes.through(streams::readers).on("GET", "/api/streams/:name", streams::read);
        routes.through(Filter.authenticated(gate::who))
                .on("POST", "/api/streams/:name", streams::append)
                .on("POST", "/api/streams", streams::appendAll);
    }

    /** Passes on requests of clients that may read the stream. If everybody may read it, the client is not identified. */
    private Reply readers(Request request, RequestHandler next) throws Exception {
        Optional<Principal> reader = gate.reader(request.handshake(), new StreamName(request.segment("name")));
        return next.handle(reader.map(request::by).orElse(request));
    }

    private Reply read(Request request) {
        StreamName stream = new StreamName(request.segment("name"));
        Optional<Long> after = number(request, "after");
        Optional<Long> before = number(request, "before");
        if (after.isPresent() && before.isPresent()) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "after and before cannot go together");
        }
        Range range = before.isPresent() ? new Range.Before(before.get()) : new Range.After(after.orElse(0L));
        long limit = number(request, "limit").orElse((long) DEFAULT_LIMIT);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, "limit is " + limit + "; allowed are 1 to " + MAX_LIMIT);
        }
        return Reply.ok(
                switch (gate.streams().read(stream, range, (int) limit)) {
                    case ReadResult.Page page -> page(page);
                    case ReadResult.Gap gap -> Map.of("gap", StreamEncodings.fields(gap));
                });
    }

    private Reply append(Request request) {
        Principal who = request.principal();
        JsonFields fields = JsonFields.read(request.body(Json.class).bytes(), json);
        Appended result = Streams.result(gate.append(who, request.segment("name"), fields));
        return result.repeated() ? Reply.ok(told(result)) : Reply.created(told(result));
    }

    /** Appends several events. Each is stored or refused on its own; the answer has the outcome of each, in the order of the request. */
    private Reply appendAll(Request request) {
        List<CompletableFuture<Appended>> results = gate.appends(
                request.principal(), JsonFields.readAll(request.body(Json.class).bytes(), MAX_BATCH, json));
        return Reply.ok(Map.of(
                "results",
                results.stream()
                        .map(result -> result.handle(StreamRoutes::told).join())
                        .toList()));
    }

    private static Map<String, Object> told(@Nullable Appended result, @Nullable Throwable failure) {
        return result != null ? told(result) : WireError.of(WireError.tellable(Objects.requireNonNull(failure)));
    }

    private static Map<String, Object> told(Appended result) {
        return Map.of("seq", result.seq(), "at", result.at().toString(), "repeated", result.repeated());
    }

    /** The data of an event are sent as the bytes that were stored. */
    private static Json page(ReadResult.Page page) {
        ByteBuf out = Unpooled.buffer(256 * (1 + page.events().size()));
        ByteBufUtil.writeAscii(out, "{\"events\":[");
        List<Event> events = page.events();
        for (int i = 0; i < events.size(); i++) {
            if (i > 0) {
                out.writeByte(',');
            }
            StreamEncodings.writeJson(events.get(i), out);
        }
        ByteBufUtil.writeAscii(out, "],\"more\":" + page.more() + "}");
        return Json.of(ByteBufUtil.getBytes(out));
    }

    private static Optional<Long> number(Request request, String name) {
        return request.query(name).map(text -> {
            if (!text.matches("[0-9]{1,18}")) {
                throw new TuttiException(
                        ErrorCode.BAD_REQUEST, "query parameter " + name + " is not an integer of 0 and above");
            }
            return Long.parseLong(text);
        });
    }
}
