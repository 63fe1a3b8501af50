package dev.tutti.stream;

import java.util.List;

/** A store that can say which streams there are. */
public interface ListingStreamStore extends StreamStore {
    /** The most streams that one {@link #list} gives. */
    int MAX_LISTED = 2_000;

    /**
     * The streams that have had an event and whose names are {@code from} or behind it and before {@code before}, in the order of {@link
     * StreamName}, at most {@code limit}, 1 to {@link #MAX_LISTED}. The cost depends on how many are given, not on how many there are. Of
     * a stream whose events are no longer kept the head remains.
     *
     * @param from any text of ASCII characters, such as the beginning of names
     * @param before the same
     */
    List<StreamHead> list(String from, String before, int limit);
}
