package dev.tutti.server.proof.crash;

import dev.tutti.server.proof.ResumeToken;
import dev.tutti.tck.history.History;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What one client was given by its feed and its streams, across all its connections. Each connection has a number, and
 * what an older one still delivers is not counted: the newer one has asked for it again. Safe for use by many threads.
 */
final class Seen {
    private final String client;
    private final History history;
    private final ResumeToken token = new ResumeToken();
    private final Map<String, Long> last = new HashMap<>();
    private int connection;

    Seen(String client, History history) {
        this.client = client;
        this.history = history;
    }

    /** Begins a new connection; its number. */
    synchronized int connect() {
        return ++connection;
    }

    /** An event message of connection {@code from}. */
    synchronized void event(int from, JsonNode event) {
        if (from != connection) {
            return;
        }
        String stream = event.path("stream").asString();
        long seq = event.path("seq").asLong();
        token.event(stream, seq);
        last.merge(stream, seq, Math::max);
        history.received(
                client,
                stream,
                seq,
                event.path("key").isString() ? event.path("key").asString() : null);
    }

    /** A position message of connection {@code from}. */
    synchronized void position(int from, String position) {
        if (from == connection) {
            token.position(position);
        }
    }

    /** What to follow from; null for now. */
    synchronized @Nullable String token() {
        return token.known() ? token.value() : null;
    }

    /** The highest seq that came of {@code stream}, 0 for none. */
    synchronized long last(String stream) {
        return last.getOrDefault(stream, 0L);
    }
}
