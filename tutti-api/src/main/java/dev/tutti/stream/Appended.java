package dev.tutti.stream;

import java.time.Instant;

/**
 * The outcome of an {@link Append}: the event is durable.
 *
 * @param seq its place in the stream, 1 for the first
 * @param at when it was stored, by the store's clock
 * @param repeated whether an earlier append with the same key made this event, and this one added nothing
 */
public record Appended(long seq, Instant at, boolean repeated) {}
