package dev.tutti.edge.flow;

/**
 * The bounds of the bytes that may wait for one connection.
 *
 * @param lowBytes below this number a connection that was not ready becomes ready again, at least 1 KiB
 * @param softBytes from this number on the connection is not ready, more than {@code lowBytes}
 * @param hardBytes from this number on a message that cannot be dropped closes the connection, at least {@code softBytes}
 */
public record OutboxBounds(int lowBytes, int softBytes, int hardBytes) {
    /** The defaults: 32 KiB, 64 KiB, 1 MiB. */
    public static final OutboxBounds DEFAULT = new OutboxBounds(32 * 1024, 64 * 1024, 1024 * 1024);

    public OutboxBounds {
        if (lowBytes < 1024 || softBytes <= lowBytes || hardBytes < softBytes) {
            throw new IllegalArgumentException("outbox bounds are low " + lowBytes + ", soft " + softBytes + ", hard "
                    + hardBytes + " bytes; allowed are 1024 <= low < soft <= hard");
        }
    }
}
