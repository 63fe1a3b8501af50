package dev.tutti.faults.client;

/**
 * The resume token of a feed, put together by the two rules that {@code docs/websocket.md} gives to clients and by nothing
 * else, so that the tests show that these are enough. Guarded by its owner.
 */
final class ResumeToken {
    private String token = "";
    private String recent = "";

    /** An event came. */
    void event(String stream, long seq) {
        String mark = "~" + stream + "@" + seq;
        token += mark;
        recent += mark;
    }

    /** A position came. */
    void position(String position) {
        token = position + recent;
        recent = "";
    }

    /** Whether a position has come yet: before the first one there is nothing to resume from. */
    boolean known() {
        return !token.isEmpty() && !token.startsWith("~");
    }

    /** It is of no use any more. */
    void forget() {
        token = "";
        recent = "";
    }

    /** What the next follow says. */
    String value() {
        return token;
    }
}
