package dev.tutti.edge.flow;

/**
 * The bounds of the bytes that may wait for one connection.
 *
 * @param lowBytes below this a connection that was not ready is ready again, at least 1 KiB
 * @param softBytes from this on it is not ready, above {@code lowBytes}
 * @param hardBytes from this on what cannot be dropped closes it, at least {@code softBytes}
 */
public record OutboxBounds(int lowBytes, int softBytes, int hardBytes) {
    /** 32 KiB, 64 KiB, 1 MiB. */
    public static final OutboxBounds DEFAULT = new OutboxBounds(32 * 1024, 64 * 1024, 1024 * 1024);

    public OutboxBounds {
        if (lowBytes < 1024 || softBytes <= lowBytes || hardBytes < softBytes) {
            throw new IllegalArgumentException("outbox bounds are low " + lowBytes + ", soft " + softBytes + ", hard "
                    + hardBytes + " bytes; allowed are 1024 <= low < soft <= hard");
        }
    }
}
