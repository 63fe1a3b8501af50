package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The resume token of a client that follows streams. It says which events the client has seen: all events up to a position of the whole
 * store, and more events of some streams. Immutable.
 *
 * <p>Its text is {@code position~stream@seq~stream@seq…}. A client builds it without understanding it. After an event message it appends
 * the mark {@code ~stream@seq}. After a position message it begins a new token with that position, and keeps the marks that it got since
 * the previous position message. After a gap message it replaces the marks of the stream by {@code ~stream@resume}. So the server can send
 * the same bytes to all clients, and each token is exact nevertheless: a position may be a little older than the last events, which have
 * marks. A mark that the position already includes does no harm. {@link ResumeTokenBuilder} builds the token in Java.
 *
 * @param position the position up to which the client has seen all events
 * @param beyond the last seen seq of each stream of which the client has seen later events
 */
public record FollowToken(Position position, Map<StreamName, Long> beyond) {
    /** The longest token, in characters. */
    public static final int MAX_LENGTH = 64 * 1024;

    public FollowToken {
        beyond = Map.copyOf(beyond);
    }

    /**
     * Reads a token that a client has sent.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it does not have the form above, with {@link
     *     ErrorCode#TOO_LARGE} if it is longer than {@link #MAX_LENGTH}
     */
    public static FollowToken parse(String text) {
        if (text.length() > MAX_LENGTH) {
            throw new TuttiException(
                    ErrorCode.TOO_LARGE,
                    "resume token has " + text.length() + " characters; allowed are at most " + MAX_LENGTH);
        }
        int end = text.indexOf('~');
        Position position = new Position(end < 0 ? text : text.substring(0, end));
        Map<StreamName, Long> beyond = new HashMap<>();
        while (end >= 0) {
            int start = end + 1;
            int at = text.indexOf('@', start);
            if (at < 0) {
                throw malformed();
            }
            end = text.indexOf('~', at);
            // a stream's name may contain a tilde, a seq cannot: the next mark begins at the first tilde after the @
            String seq = end < 0 ? text.substring(at + 1) : text.substring(at + 1, end);
            beyond.merge(new StreamName(text.substring(start, at)), parseSeq(seq), Math::max);
        }
        return new FollowToken(position, beyond);
    }

    /** The last seen seq of {@code stream}, where {@code behind} is its last seq at the position. */
    public long seen(StreamName stream, long behind) {
        return Math.max(behind, beyond.getOrDefault(stream, 0L));
    }

    /** The text of the token. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(position.token());
        beyond.forEach((stream, seq) ->
                text.append('~').append(stream.value()).append('@').append(seq.longValue()));
        return text.toString();
    }

    private static long parseSeq(String text) {
        if (text.isEmpty() || text.length() > 18 || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            throw malformed();
        }
        return Long.parseLong(text);
    }

    private static TuttiException malformed() {
        return new TuttiException(
                ErrorCode.BAD_REQUEST, "resume token is not of the form position~stream@seq~… as this server gives it");
    }

    /** Builds the token of one client by the rules above. Not safe for use by many threads. */
    public static final class ResumeTokenBuilder {
        private String position = "";
        private Map<StreamName, Long> before = Map.of();
        private Map<StreamName, Long> since = new HashMap<>();

        /** A builder for a client that resumes with {@code token}; null for a client without a token. */
        public ResumeTokenBuilder(@Nullable FollowToken token) {
            if (token != null) {
                position = token.position().token();
                since.putAll(token.beyond());
            }
        }

        /** Adds a position message. */
        public void position(String position) {
            this.position = position;
            before = since;
            since = new HashMap<>();
        }

        /** Adds an event message. */
        public void event(StreamName stream, long seq) {
            since.put(stream, seq);
        }

        /** Adds a gap message: the stream continues after {@code resume}, which may be later or earlier than the last seen seq. */
        public void gap(StreamName stream, long resume) {
            before = new HashMap<>(before);
            before.remove(stream);
            since.put(stream, resume);
        }

        /** The present token; empty before the first position. */
        public String token() {
            if (position.isEmpty()) {
                return "";
            }
            Map<StreamName, Long> beyond = new HashMap<>(before);
            since.forEach((stream, seq) -> beyond.merge(stream, seq, Math::max));
            return new FollowToken(new Position(position), beyond).toString();
        }
    }
}
