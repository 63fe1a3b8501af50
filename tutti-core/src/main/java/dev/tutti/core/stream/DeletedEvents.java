package dev.tutti.core.stream;

/**
 * The outcome of a deletion of the events of a stream.
 *
 * @param seq of the event that tells of it; those before it are those that are deleted
 * @param deleted how many were, by this call
 * @param complete whether none of them is left; if not, they were too many for one call
 */
public record DeletedEvents(long seq, long deleted, boolean complete) {}
