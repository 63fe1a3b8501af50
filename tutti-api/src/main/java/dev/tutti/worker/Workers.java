package dev.tutti.worker;

/**
 * The workers of a cluster. All instances declare the same types of workers, and each instance runs the workers that are assigned to it. A
 * type is declared once, with a name of 1 to 100 characters. Safe for use by many threads.
 *
 * <p>An instance that was stopped for a while may continue its worker for a moment after another instance has taken over. So protect
 * effects with the worker's lease ({@link WorkerContext#lease}): then only one of the two has effect. The worker of a killed instance is
 * taken over when its lease has expired, that of a leaving instance at once.
 */
public interface Workers {
    /** The most shards that a type may have. */
    int MAX_SHARDS = 1_000;

    /**
     * Declares a worker that runs at one instance of the cluster at a time.
     *
     * @throws IllegalArgumentException if the name is not allowed
     * @throws IllegalStateException if the type is declared already
     */
    void singleton(String type, Worker worker);

    /**
     * Declares a worker that runs once for each of the shards 0 to {@code shards - 1}. The shards are spread over the instances that run
     * workers, and move when instances come and go.
     *
     * @param shards 1 to {@value #MAX_SHARDS}, the same at all instances
     * @throws IllegalArgumentException if the name or number is not allowed
     * @throws IllegalStateException if the type is declared already
     */
    void sharded(String type, int shards, Worker worker);
}
