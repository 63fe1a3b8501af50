package dev.tutti.cluster;

import java.util.Optional;

/**
 * A seal for data that others keep for the cluster, so that none of them can read, change or make up any of it. Safe for use by
 * many threads.
 */
public interface Seal {
    /** {@code payload} as it is kept; {@code place} says where, and need not be secret. */
    byte[] close(String place, byte[] payload);

    /** The payload that was closed for {@code place}; empty if {@code sealed} is anything else. */
    Optional<byte[]> open(String place, byte[] sealed);
}
