package dev.tutti.worker;

/** Something that one instance at a time does: a poller, a consumer of somebody else's feed. */
@FunctionalInterface
public interface Worker {
    /**
     * Does it, on a virtual thread of its own, until {@link WorkerContext#isActive} says no; it is interrupted if it goes on
     * then. When it returns it is begun anew a second later, when it throws after a pause that grows from a tenth of a second
     * to half a minute; here or at another instance.
     *
     * @throws Exception any, which is logged and counted
     */
    void run(WorkerContext context) throws Exception;
}
