package dev.tutti.core.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Position;
import dev.tutti.stream.StreamName;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The progress of a client that follows streams: it has seen everything behind a position of the whole store, and of some streams more than
 * that.
 *
 * <p>On the wire it is {@code position~stream@seq~stream@seq…}. A client puts it together without understanding it. With
 * an event message it appends the mark {@code ~stream@seq}. With a position message it starts anew from that position,
 * and keeps the marks it got since the position message before. With a gap message it replaces the marks of the stream by
 * {@code ~stream@resume}. So the server writes the same bytes to every client, and
 * yet each token is exact: a position may be a little older than the last events, and the marks make up for that; a mark
 * that the position covers does no harm. {@link ResumeTokenBuilder} does this for Java.
 *
 * @param position what is behind it has been seen
 * @param beyond streams of which more has been seen, with the last seq
 */
public record FollowToken(Position position, Map<StreamName, Long> beyond) {
    /** The longest token, in characters. */
    public static final int MAX_LENGTH = 64 * 1024;

    public FollowToken {
        beyond = Map.copyOf(beyond);
    }

    /**
     * Reads what a client sent.
     *
     * @throws TuttiException with {@link ErrorCode#BAD_REQUEST} if it is not of the form above, with {@link
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
            // a stream's name may hold a tilde, a seq may not: so look for the next one behind the @
            String seq = end < 0 ? text.substring(at + 1) : text.substring(at + 1, end);
            beyond.merge(new StreamName(text.substring(start, at)), parseSeq(seq), Math::max);
        }
        return new FollowToken(position, beyond);
    }

    /** The last seq seen of a stream of which {@code behind} lies behind the position. */
    public long seen(StreamName stream, long behind) {
        return Math.max(behind, beyond.getOrDefault(stream, 0L));
    }

    /** As it goes over the wire. */
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

    /** The token of one client as it grows, by the two rules above. Not safe for use by several threads. */
    public static final class ResumeTokenBuilder {
        private String position = "";
        private Map<StreamName, Long> before = Map.of();
        private Map<StreamName, Long> since = new HashMap<>();

        /** A client that has presented {@code token}, or none. */
        public ResumeTokenBuilder(@Nullable FollowToken token) {
            if (token != null) {
                position = token.position().token();
                since.putAll(token.beyond());
            }
        }

        /** A position message. */
        public void position(String position) {
            this.position = position;
            before = since;
            since = new HashMap<>();
        }

        /** An event message. */
        public void event(StreamName stream, long seq) {
            since.put(stream, seq);
        }

        /** A gap message: the stream goes on behind {@code resume}, be that later or earlier than what was seen. */
        public void gap(StreamName stream, long resume) {
            before = new HashMap<>(before);
            before.remove(stream);
            since.put(stream, resume);
        }

        /** The token as it is now; empty before the first position. */
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
