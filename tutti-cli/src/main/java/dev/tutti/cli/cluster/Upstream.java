package dev.tutti.cli.cluster;

/**
 * A worker as a balancer sees it.
 *
 * @param name the worker's
 * @param address where it listens
 * @param health where it says whether it is ready
 */
record Upstream(String name, Address address, Address health) {
    /** One that says so where it listens. */
    Upstream(String name, Address address) {
        this(name, address, address);
    }
}
