package dev.tutti.testkit.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A resume token of {@code follow}, built only by the two rules that {@code docs/websocket.md} gives to clients: so tests show that these
 * rules suffice. Not safe for use by many threads: its owner guards it.
 */
public final class ResumeToken {
    private String position = "";
    private Map<String, Long> marks = new LinkedHashMap<>();
    private Map<String, Long> recent = new LinkedHashMap<>();

    /** Notes that an event was received. */
    public void event(String stream, long seq) {
        marks.put(stream, seq);
        recent.put(stream, seq);
    }

    /** Notes that a position was received. */
    public void position(String newer) {
        position = newer;
        marks = recent;
        recent = new LinkedHashMap<>();
    }

    /** Whether a position was received: before the first one the client cannot resume. */
    public boolean known() {
        return !position.isEmpty();
    }

    /** Drops the token: the client begins anew. */
    public void forget() {
        position = "";
        marks.clear();
        recent.clear();
    }

    /** The token for the next {@code follow}. */
    public String value() {
        StringBuilder token = new StringBuilder(position);
        marks.forEach(
                (stream, seq) -> token.append('~').append(stream).append('@').append(seq.longValue()));
        return token.toString();
    }
}
