package dev.tutti.core.stream;

/**
 * The result of deleting the events of a stream. Immutable.
 *
 * @param seq the seq of the event of the type {@link Streams#DELETED}; all earlier events are to be deleted
 * @param deleted the number of events that this call has deleted
 * @param complete whether all earlier events are deleted; false if they were too many for one call
 */
public record DeletedEvents(long seq, long deleted, boolean complete) {}
