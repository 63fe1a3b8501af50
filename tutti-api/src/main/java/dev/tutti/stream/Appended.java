package dev.tutti.stream;

import java.time.Instant;

/**
 * The outcome of an {@link Append}: the event is durable.
 *
 * @param seq the number of the event in its stream, 1 for the first
 * @param at the time when it was stored, by the store's clock
 * @param repeated whether an earlier append with the same key added this event, and this append added nothing
 */
public record Appended(long seq, Instant at, boolean repeated) {}
