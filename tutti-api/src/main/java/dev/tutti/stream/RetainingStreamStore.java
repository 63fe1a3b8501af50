package dev.tutti.stream;

/** A store that must be told from time to time to give back the space of what is no longer kept. */
public interface RetainingStreamStore extends StreamStore {
    /**
     * Drops what its {@link RetentionPolicy} no longer keeps, and makes room for what will come. Called at the start
     * and then about every ten minutes, or as its settings say, by every instance; cheap when there is nothing to do.
     */
    void retain();
}
