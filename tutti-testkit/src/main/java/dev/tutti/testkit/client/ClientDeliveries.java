package dev.tutti.testkit.client;

import dev.tutti.ErrorCode;
import dev.tutti.testkit.history.History;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Records everything that is delivered to one client, over all its connections, in a {@link History}, and keeps the client's resume token.
 * Each connection has a number. Deliveries of an older connection are ignored, because the newer one has requested them again. Safe for use
 * by many threads.
 */
public final class ClientDeliveries {
    private final String client;
    private final History history;
    private final ResumeToken token = new ResumeToken();
    private final Map<String, Long> last = new HashMap<>();
    private int connection;
    private int resumed;
    private int recovered;
    private int gaps;
    private @Nullable String refusal;
    private long lastEvent = System.nanoTime();
    private long longestSilence;
    private boolean catchingUp;

    /** The deliveries of a client called {@code client}, none yet. */
    public ClientDeliveries(String client, History history) {
        this.client = client;
        this.history = history;
    }

    /** Begins a new connection, and returns its number. */
    synchronized int connect() {
        return ++connection;
    }

    /** Notes that connection {@code from} is open. Returns the resume token to follow from; null to begin with new events. */
    synchronized @Nullable String follow(int from) {
        if (from != connection || !token.known()) {
            return null;
        }
        resumed++;
        catchingUp = true;
        return token.value();
    }

    /** Records an event message of connection {@code from}. */
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
        if (catchingUp) {
            recovered++;
        }
        long now = System.nanoTime();
        longestSilence = Math.max(longestSilence, now - lastEvent);
        lastEvent = now;
    }

    /** Records a gap message of connection {@code from}. */
    synchronized void gap(int from, JsonNode gap) {
        if (from == connection) {
            history.gap(
                    client,
                    gap.path("stream").asString(),
                    gap.path("after").asLong(),
                    gap.path("resume").asLong());
            long resume = gap.path("resume").asLong();
            token.event(gap.path("stream").asString(), resume);
            last.put(gap.path("stream").asString(), resume);
            gaps++;
        }
    }

    /** Records a position message of connection {@code from}. */
    synchronized void position(int from, String position) {
        if (from == connection) {
            token.position(position);
            catchingUp = false;
        }
    }

    /**
     * Notes that the server refused to let connection {@code from} follow. If it refused the token, the client drops the token and begins
     * anew: it misses events, because it has no other way to load them.
     */
    synchronized void notFollowed(int from, String code) {
        if (from == connection && code.equals(ErrorCode.BAD_REQUEST.text())) {
            refusal = "the token " + token.value() + " was refused at " + history.age();
            token.forget();
        }
    }

    /** A description of the latest refusal of a token; empty if none was refused. */
    public synchronized Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Whether the client has a token with which it can resume. */
    public synchronized boolean canResume() {
        return token.known();
    }

    /** The highest seq of {@code stream} that was delivered; 0 if there is none. */
    public synchronized long last(String stream) {
        return last.getOrDefault(stream, 0L);
    }

    /** The number of connections that resumed with a token. */
    public synchronized int resumed() {
        return resumed;
    }

    /** The number of events that were delivered after a resumption and before its first position: missed events, and new ones meanwhile. */
    public synchronized int recovered() {
        return recovered;
    }

    /** The number of gap messages. */
    public synchronized int gaps() {
        return gaps;
    }

    /** The longest time between two deliveries of events. */
    public synchronized Duration longestSilence() {
        return Duration.ofNanos(longestSilence);
    }
}
