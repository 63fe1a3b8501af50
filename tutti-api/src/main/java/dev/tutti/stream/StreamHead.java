package dev.tutti.stream;

import java.time.Instant;

/**
 * The last event of a stream.
 *
 * @param stream the stream
 * @param head the seq of its last event, 1 or more, even if the event is no longer kept
 * @param at the time when that event was stored, by the store's clock
 */
public record StreamHead(StreamName stream, long head, Instant at) {}
