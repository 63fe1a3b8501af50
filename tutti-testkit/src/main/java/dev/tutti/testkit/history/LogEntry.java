package dev.tutti.testkit.history;

import org.jspecify.annotations.Nullable;

/**
 * One event of a stream as the system's log has it when all is over.
 *
 * @param seq its place, 1 for the first
 * @param key the sender's key, null if the event has none
 */
public record LogEntry(long seq, @Nullable String key) {}
