package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;

/**
 * The bounds of what is asked of a store in one call, which every backend checks before it does anything.
 *
 * <p>Each method throws a {@link TuttiException} with {@link ErrorCode#BAD_REQUEST} that says what was asked for and what is allowed.
 */
public final class StoreBounds {
    private StoreBounds() {}

    /** An append has {@code count} events: at most {@link StreamStore#MAX_APPENDS}. */
    public static void requireAppends(int count) {
        require(
                count <= StreamStore.MAX_APPENDS,
                "an append has %d events; allowed are %d",
                count,
                StreamStore.MAX_APPENDS);
    }

    /** A read gives at most {@code limit} events: 1 to {@link StreamStore#MAX_PAGE}. */
    public static void requirePage(int limit) {
        require(
                limit >= 1 && limit <= StreamStore.MAX_PAGE,
                "a page of %d events is asked for; allowed are 1 to %d",
                limit,
                StreamStore.MAX_PAGE);
    }

    /** The seqs of {@code count} streams are asked for: at most {@link StreamStore#MAX_STREAMS}. */
    public static void requireStreams(int count) {
        require(
                count <= StreamStore.MAX_STREAMS,
                "%d streams are asked for; allowed are %d",
                count,
                StreamStore.MAX_STREAMS);
    }

    /** A list gives at most {@code limit} streams: 1 to {@link ListingStreamStore#MAX_LISTED}. */
    public static void requireListed(int limit) {
        require(
                limit >= 1 && limit <= ListingStreamStore.MAX_LISTED,
                "a page of %d streams is asked for; allowed are 1 to %d",
                limit,
                ListingStreamStore.MAX_LISTED);
    }

    private static void require(boolean condition, String message, int value, int allowed) {
        if (!condition) {
            throw new TuttiException(ErrorCode.BAD_REQUEST, message.formatted(value, allowed));
        }
    }
}
