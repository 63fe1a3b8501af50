package dev.tutti.testkit.client;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The resume token of {@code follow}, put together by the two rules that {@code docs/websocket.md} gives to clients and by nothing
 * else, so that the tests show that these are enough. Guarded by its owner.
 */
public final class ResumeToken {
    private String position = "";
    private Map<String, Long> marks = new LinkedHashMap<>();
    private Map<String, Long> recent = new LinkedHashMap<>();

    /** An event came. */
    public void event(String stream, long seq) {
        marks.put(stream, seq);
        recent.put(stream, seq);
    }

    /** A position came. */
    public void position(String newer) {
        position = newer;
        marks = recent;
        recent = new LinkedHashMap<>();
    }

    /** Whether a position has come yet: before the first one there is nothing to resume from. */
    public boolean known() {
        return !position.isEmpty();
    }

    /** It is of no use any more. */
    public void forget() {
        position = "";
        marks.clear();
        recent.clear();
    }

    /** The token that the next follow says. */
    public String value() {
        StringBuilder token = new StringBuilder(position);
        marks.forEach(
                (stream, seq) -> token.append('~').append(stream).append('@').append(seq.longValue()));
        return token.toString();
    }
}
