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
 * Everything that was delivered to one client, across all its connections. Each connection has a number.
 * Deliveries of an older one are not counted: the newer one has asked for them again. Safe for use by many threads.
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

    /** Nothing yet. */
    public ClientDeliveries(String client, History history) {
        this.client = client;
        this.history = history;
    }

    /** Begins a new connection; its number. */
    synchronized int connect() {
        return ++connection;
    }

    /** Connection {@code from} works: what to follow from, null for now. */
    synchronized @Nullable String follow(int from) {
        if (from != connection || !token.known()) {
            return null;
        }
        resumed++;
        catchingUp = true;
        return token.value();
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
        if (catchingUp) {
            recovered++;
        }
        long now = System.nanoTime();
        longestSilence = Math.max(longestSilence, now - lastEvent);
        lastEvent = now;
    }

    /** A gap message of connection {@code from}. */
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

    /** A position message of connection {@code from}. */
    synchronized void position(int from, String position) {
        if (from == connection) {
            token.position(position);
            catchingUp = false;
        }
    }

    /**
     * Following could not be begun by connection {@code from}. If that is because of the token, the client begins anew and
     * misses something, as one does that has no other way to load it.
     */
    synchronized void notFollowed(int from, String code) {
        if (from == connection && code.equals(ErrorCode.BAD_REQUEST.text())) {
            refusal = "the token " + token.value() + " was refused at " + history.age();
            token.forget();
        }
    }

    /** How a token was refused, if one was. */
    public synchronized Optional<String> refusal() {
        return Optional.ofNullable(refusal);
    }

    /** Whether there is a token to come back with. */
    public synchronized boolean canResume() {
        return token.known();
    }

    /** The highest seq that came of {@code stream}, 0 for none. */
    public synchronized long last(String stream) {
        return last.getOrDefault(stream, 0L);
    }

    /** How often it came back with a token. */
    public synchronized int resumed() {
        return resumed;
    }

    /** How many events came behind a token before the first position: what was missed, and what was said meanwhile. */
    public synchronized int recovered() {
        return recovered;
    }

    /** How often it was told that events are no longer kept. */
    public synchronized int gaps() {
        return gaps;
    }

    /** The longest time between two events. */
    public synchronized Duration longestSilence() {
        return Duration.ofNanos(longestSilence);
    }
}
