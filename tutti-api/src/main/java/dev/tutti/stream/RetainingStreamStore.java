package dev.tutti.stream;

/** A store that must be called from time to time to free the space of events that are no longer kept. */
public interface RetainingStreamStore extends StreamStore {
    /**
     * Drops the events that its {@link RetentionPolicy} no longer keeps, and prepares space for new ones. Every instance calls it at its
     * start, and then about every ten minutes or at the configured interval. Cheap if there is nothing to do.
     */
    void retain();
}
