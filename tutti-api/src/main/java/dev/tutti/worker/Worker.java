package dev.tutti.worker;

/** Work that one instance at a time does, such as polling another service or consuming its feed. */
@FunctionalInterface
public interface Worker {
    /**
     * Does the work, on a virtual thread of its own, until {@link WorkerContext#isActive} is false; if it does not return then, it is
     * interrupted. A worker that returns while it is active is started again after a second; one that throws, after a pause that grows from
     * a tenth of a second to half a minute. It is started here or at another instance.
     *
     * @throws Exception any exception; it is logged and counted
     */
    void run(WorkerContext context) throws Exception;
}
