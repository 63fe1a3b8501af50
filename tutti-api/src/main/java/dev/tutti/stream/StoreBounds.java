package dev.tutti.stream;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;

/**
 * Checks of the bounds of one call of a {@link StreamStore}. Every store calls them before it does anything else.
 *
 * <p>Each method returns if the number is allowed. Otherwise it throws a {@link TuttiException} with {@link ErrorCode#BAD_REQUEST}, whose
 * message has the number and the allowed ones. Safe for use by many threads.
 */
public final class StoreBounds {
    private StoreBounds() {}

    /** Checks the number of events of one {@link StreamStore#append}: at most {@link StreamStore#MAX_APPENDS}. */
    public static void requireAppends(int count) {
        require(
                count <= StreamStore.MAX_APPENDS,
                "an append has %d events; allowed are %d",
                count,
                StreamStore.MAX_APPENDS);
    }

    /** Checks the limit of one {@link StreamStore#read}: 1 to {@link StreamStore#MAX_PAGE} events. */
    public static void requirePage(int limit) {
        require(
                limit >= 1 && limit <= StreamStore.MAX_PAGE,
                "a page of %d events is asked for; allowed are 1 to %d",
                limit,
                StreamStore.MAX_PAGE);
    }

    /** Checks the number of streams of one {@link StreamStore#seen}: at most {@link StreamStore#MAX_STREAMS}. */
    public static void requireStreams(int count) {
        require(
                count <= StreamStore.MAX_STREAMS,
                "%d streams are asked for; allowed are %d",
                count,
                StreamStore.MAX_STREAMS);
    }

    /** Checks the limit of one {@link ListingStreamStore#list}: 1 to {@link ListingStreamStore#MAX_LISTED} streams. */
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
