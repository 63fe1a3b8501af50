package dev.tutti.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream in the final log of a run. Immutable.
 *
 * @param seq the number of the event in its stream, 1 for the first
 * @param key the sender's key; null if the event has none
 */
public record LogEntry(long seq, @Nullable String key) {}
