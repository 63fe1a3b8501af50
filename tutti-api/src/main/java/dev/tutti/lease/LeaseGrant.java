package dev.tutti.lease;

/**
 * A lease that somebody was given.
 *
 * @param name which one
 * @param token its fencing token: larger than that of everybody who had the lease before
 */
public record LeaseGrant(String name, long token) {}
