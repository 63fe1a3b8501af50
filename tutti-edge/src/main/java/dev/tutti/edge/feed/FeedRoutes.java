package dev.tutti.edge.feed;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.JsonCodec;
import dev.tutti.edge.stream.JsonFields;
import dev.tutti.feed.FeedKey;
import dev.tutti.feed.FeedState;
import dev.tutti.feed.FeedUpdate;
import dev.tutti.http.EntityTag;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.RequestHandler;
import dev.tutti.http.Routes;
import dev.tutti.socket.Principal;
import dev.tutti.stream.Json;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Feeds over REST: GET returns the latest version of a feed, PUT publishes a new version. Safe for use by many threads.
 */
public final class FeedRoutes {
    private static final Logger log = LoggerFactory.getLogger(FeedRoutes.class);

    private static final String VALUE = "value";

    private final FeedGate gate;
    private final JsonCodec json;

    private FeedRoutes(FeedGate gate, JsonCodec json) {
        this.gate = gate;
        this.json = json;
    }

    /** Adds {@code GET} and {@code PUT /api/feeds/:key} to {@code routes}. */
    public static void add(Routes routes, FeedGate gate, JsonCodec json) {
        FeedRoutes feeds = new FeedRoutes(gate, json);
        routes.through(feeds::readers).on("GET", "/api/feeds/:key", feeds::read);
        routes.through(feeds::publishers).on("PUT", "/api/feeds/:key", feeds::publish);
    }

    /** Passes on requests of clients that may read the feed. If everybody may read it, the client is not identified. */
    private Reply readers(Request request, RequestHandler next) throws Exception {
        FeedKey key = new FeedKey(request.segment("key"));
        Optional<Principal> reader = gate.reader(request.handshake(), key);
        log.trace("Feed {} is read by {}", key, reader);
        return next.handle(reader.map(request::by).orElse(request));
    }

    /** Passes on requests of clients that may publish the feed. */
    private Reply publishers(Request request, RequestHandler next) throws Exception {
        FeedKey key = new FeedKey(request.segment("key"));
        Principal publisher = gate.publisher(request.handshake(), key);
        log.trace("Feed {} is published by {}", key, publisher);
        return next.handle(request.by(publisher));
    }

    private record Published(boolean accepted, long version) {}

    /** Publishes a version. A version that is not newer changes nothing and is no error: the answer has the stored version. */
    private Reply publish(Request request) {
        FeedKey key = new FeedKey(request.segment("key"));
        JsonFields fields = JsonFields.read(request.body(Json.class).bytes(), VALUE, json);
        long version = fields.number("version")
                .orElseThrow(() -> new TuttiException(ErrorCode.BAD_REQUEST, "field version is missing"));
        FeedState state = new FeedState(key, version, fields.payload());
        gate.charge(request.principal(), state);
        FeedUpdate update = state.value()
                .map(value -> gate.feeds().publish(key, version, value))
                .orElseGet(() -> gate.feeds().publish(key, version));
        return Reply.ok(
                switch (update) {
                    case FeedUpdate.Accepted() -> new Published(true, version);
                    case FeedUpdate.Stale(long held) -> new Published(false, held);
                });
    }

    /** The version is the entity tag. It is weak, because the same version may be sent with gzip and without it. */
    private Reply read(Request request) {
        FeedKey key = new FeedKey(request.segment("key"));
        FeedState state = gate.feeds()
                .get(key)
                .orElseThrow(() -> new TuttiException(ErrorCode.NOT_FOUND, "feed " + key + " has no version yet"));
        EntityTag tag = new EntityTag(Long.toString(state.version()), true);
        Reply reply = tag.isNamedBy(request)
                ? new Reply(304, List.<Map.Entry<String, String>>of(), null)
                : Reply.ok(Json.of(FeedEncodings.line(state)));
        return reply.with("ETag", tag.toString()).with("Cache-Control", "no-cache");
    }
}
