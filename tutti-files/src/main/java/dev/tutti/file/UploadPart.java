package dev.tutti.file;

import dev.tutti.core.limit.Shares;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * The bytes of an upload that have come and are not in the store yet. It takes memory as they come, so that a slow client holds
 * little. For one thread; blocks.
 */
final class UploadPart {
    /** The memory that it takes at first. With fewer bytes it is not put into the store because it is old. */
    static final int LEAST_BYTES = 64 << 10;

    private static final long OLD = Duration.ofSeconds(10).toNanos();

    private final Shares.Part memory;
    private final int most;
    private final LongSupplier ticker;
    private byte[] bytes;
    private int length;

    /** A part of at most {@code most} bytes, for which {@code memory} has the first ones; the others are taken for it. */
    UploadPart(Shares.Part memory, int most, LongSupplier ticker) {
        this.memory = memory;
        this.most = most;
        this.ticker = ticker;
        this.bytes = new byte[Math.min(most, LEAST_BYTES)];
    }

    /**
     * Reads until it is full, is older than ten seconds and not small, or finds no more memory; false if {@code body} has ended before.
     * Bytes that were read before a failure are there.
     */
    boolean read(InputStream body) throws IOException {
        long begin = ticker.getAsLong();
        while (!isWhole(begin)) {
            int few = body.read(bytes, length, bytes.length - length);
            if (few < 0) {
                return false;
            }
            length += few;
        }
        return true;
    }

    private boolean isWhole(long begin) {
        boolean old = length >= LEAST_BYTES && ticker.getAsLong() - begin > OLD;
        return old || (length == bytes.length && !grow());
    }

    private boolean grow() {
        int more = Math.min(bytes.length, most - bytes.length);
        if (more == 0 || !memory.grow(more)) {
            return false;
        }
        bytes = Arrays.copyOf(bytes, bytes.length + more);
        return true;
    }

    /** The bytes, the first {@link #length} of these; not copied. */
    byte[] bytes() {
        return bytes;
    }

    int length() {
        return length;
    }

    /** Gives back the memory that it has taken. */
    void release() {
        memory.shrink(bytes.length - Math.min(most, LEAST_BYTES));
        bytes = new byte[0];
    }
}
