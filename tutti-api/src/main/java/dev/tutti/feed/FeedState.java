package dev.tutti.feed;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.stream.Append;
import dev.tutti.stream.Json;
import java.util.Optional;

/**
 * One version of a feed.
 *
 * @param key the key of the feed
 * @param version 1 to {@value #MAX_VERSION}, so that JavaScript can represent it exactly. Publishers use each version once
 * @param value at most {@value #MAX_VALUE} bytes; empty if only the version was published, and the value is stored elsewhere
 */
public record FeedState(FeedKey key, long version, Optional<Json> value) {
    /** The largest version: 2⁵³ - 1. */
    public static final long MAX_VERSION = 9_007_199_254_740_991L;

    /** The largest value, in bytes: that of an event's data. */
    public static final int MAX_VALUE = Append.MAX_DATA_BYTES;

    public FeedState {
        if (version < 1 || version > MAX_VERSION) {
            throw new TuttiException(
                    ErrorCode.BAD_REQUEST,
                    "version " + version + " of feed " + key + "; allowed are 1 to " + MAX_VERSION);
        }
        int length = value.map(Json::length).orElse(1);
        if (length == 0 || length > MAX_VALUE) {
            throw new TuttiException(
                    length == 0 ? ErrorCode.BAD_REQUEST : ErrorCode.TOO_LARGE,
                    "the value of feed " + key + " has " + length + " bytes; allowed are 1 to " + MAX_VALUE);
        }
    }

    /** The length of the value in bytes; 0 if there is none. */
    public int bytes() {
        return value.map(Json::length).orElse(0);
    }
}
