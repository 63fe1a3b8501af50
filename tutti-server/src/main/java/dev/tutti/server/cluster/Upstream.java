package dev.tutti.server.cluster;

/**
 * A worker as a balancer sees it.
 *
 * @param name the worker's
 * @param address where it listens
 */
record Upstream(String name, Address address) {}
