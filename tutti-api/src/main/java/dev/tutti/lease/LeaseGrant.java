package dev.tutti.lease;

/**
 * A lease that was granted.
 *
 * @param name the name of the lease
 * @param token the fencing token, which is larger than the tokens of all earlier holders of this lease
 */
public record LeaseGrant(String name, long token) {}
