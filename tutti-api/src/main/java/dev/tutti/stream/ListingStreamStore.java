package dev.tutti.stream;

import java.util.List;

/** A store that can list its streams. */
public interface ListingStreamStore extends StreamStore {
    /** The most streams that one {@link #list} returns. */
    int MAX_LISTED = 2_000;

    /**
     * The streams that have had an event and whose names are in the range from {@code from} (included) to {@code before} (excluded), in the
     * order of {@link StreamName}, at most {@code limit}, 1 to {@link #MAX_LISTED}. The cost depends on the number of returned streams, not
     * on the number of all streams. A stream is listed even if none of its events is still kept.
     *
     * @param from any text of ASCII characters, such as the beginning of names
     * @param before any text of ASCII characters
     */
    List<StreamHead> list(String from, String before, int limit);
}
