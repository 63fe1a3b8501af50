package dev.tutti.cluster;

import java.util.Comparator;
import java.util.UUID;

/**
 * The choice of the process that shall have something: the one with the highest hash of both (D. Thaler and C. Ravishankar, Using
 * Name-Based Mappings to Increase Hit Rates, 1998), so that only what a process had moves when it goes. All that know the same
 * processes agree.
 */
public final class RendezvousHash {
    private RendezvousHash() {}

    /** The order in which processes shall have {@code name}: the greatest first of all. */
    public static Comparator<UUID> of(String name) {
        return Comparator.<UUID>comparingLong(process -> weight(process, name))
                .thenComparing(Comparator.naturalOrder());
    }

    /** Mixes all bits of both, as MurmurHash3 finishes. */
    private static long weight(UUID process, String name) {
        long mixed = process.getMostSignificantBits() ^ (process.getLeastSignificantBits() * 31);
        for (int i = 0; i < name.length(); i++) {
            mixed = mix(mixed * 31 + name.charAt(i));
        }
        return mix(mixed);
    }

    private static long mix(long bits) {
        long once = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        long twice = (once ^ (once >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return twice ^ (twice >>> 33);
    }
}
