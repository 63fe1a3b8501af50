package dev.tutti.stream;

import java.time.Instant;

/**
 * How far a stream has come.
 *
 * @param stream which one
 * @param head the seq of its last event, 1 or more, whether that is still kept or not
 * @param at when that was stored, by the store's clock
 */
public record StreamHead(StreamName stream, long head, Instant at) {}
