package dev.tutti.server.api;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.chat.Chat;
import dev.tutti.core.input.Input;
import dev.tutti.core.stream.Streams;
import dev.tutti.http.Reply;
import dev.tutti.http.Request;
import dev.tutti.http.Routes;
import dev.tutti.job.Job;
import dev.tutti.server.audit.AuditTrail;
import dev.tutti.server.identity.Identities;
import dev.tutti.server.key.ApiKey;
import dev.tutti.server.key.Capability.Action;
import dev.tutti.socket.Namespace;
import dev.tutti.stream.StreamHead;
import dev.tutti.stream.StreamName;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The routes of {@code /api/server/streams}, which say which streams there are, and delete their events. Each request shows a key
 * that allows it, by the stream's name. Safe for use by many threads.
 */
public final class ServerStreamRoutes {
    private static final int USUAL_PAGE = 100;
    private static final int MAX_PAGE = 1_000;

    private static final Pattern PART = Pattern.compile("[A-Za-z0-9._~:-]{0," + StreamName.MAX_LENGTH + "}");

    /** The kinds whose streams the server or its chat alone writes and deletes. */
    private static final Set<String> KEPT =
            Set.of(Namespace.STREAM_KIND, Job.STREAM_KIND, AuditTrail.KIND, Chat.STREAM_KIND);

    private final Identities identities;
    private final Streams streams;

    /** Routes of programs, known by {@code identities}, to {@code streams}. */
    public ServerStreamRoutes(Identities identities, Streams streams) {
        this.identities = identities;
        this.streams = streams;
    }

    /** Adds them. */
    public void routes(Routes routes) {
        identities
                .programs(routes)
                .on("GET", "/api/server/streams", this::list)
                .on("DELETE", "/api/server/streams/:name", this::delete);
    }

    private record StreamResponse(String name, long head, Instant at) {}

    private record Page(List<StreamResponse> streams, boolean more) {}

    private Reply list(Request request, ApiKey key) {
        String prefix = part("prefix", request);
        String after = part("after", request);
        int limit = Input.limit(request.query("limit"), USUAL_PAGE, MAX_PAGE);
        List<NameRange> readable = NameRange.readable(key, prefix);
        if (readable.isEmpty()) {
            key.require(Action.READ, prefix + "*");
        }
        List<StreamResponse> found = new ArrayList<>();
        for (NameRange range : readable) {
            NameRange left = range.behind(after);
            if (found.size() <= limit && !left.isEmpty()) {
                streams.list(left.from(), left.before(), limit + 1 - found.size())
                        .forEach(stream -> found.add(shown(stream)));
            }
        }
        boolean more = found.size() > limit;
        return Reply.ok(new Page(more ? found.subList(0, limit) : found, more));
    }

    private static StreamResponse shown(StreamHead head) {
        return new StreamResponse(head.stream().value(), head.head(), head.at());
    }

    /** A part of a name, from its beginning; empty if it is not said. */
    private static String part(String field, Request request) {
        return Input.form(
                field,
                request.query(field).orElse(""),
                PART,
                "up to " + StreamName.MAX_LENGTH + " characters of [A-Za-z0-9._~:-]");
    }

    private Reply delete(Request request, ApiKey key) {
        StreamName stream = new StreamName(request.segment("name"));
        key.require(Action.DELETE, stream.value());
        if (KEPT.contains(stream.kind())) {
            throw new TuttiException(
                    ErrorCode.FORBIDDEN, "streams of the kind " + stream.kind() + " are not deleted by programs");
        }
        NameRange only = NameRange.of(stream.value());
        if (streams.list(only.from(), only.before(), 1).isEmpty()) {
            throw new TuttiException(ErrorCode.NOT_FOUND, "there is no stream " + stream);
        }
        return Reply.ok(streams.delete(stream));
    }
}
