package dev.tutti.core.worker;

import dev.tutti.member.Member;
import dev.tutti.member.Members;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Which instance shall have which shard: the one with the highest hash of both (rendezvous hashing), so that only the shards of
 * an instance that comes or goes move. All instances that know the same members agree. Safe for use by many threads.
 */
final class Placement {
    private final Members members;

    Placement(Members members) {
        this.members = members;
    }

    /** How many others shall rather have it than this instance. */
    int rank(String shard) {
        return (int) runners()
                .filter(member -> outranks(member.process(), members.self().process(), shard))
                .count();
    }

    /** Whether {@code process} runs workers, and shall rather have it than this instance. */
    boolean prefers(UUID process, String shard) {
        return runners().anyMatch(member -> member.process().equals(process))
                && outranks(process, members.self().process(), shard);
    }

    /** The others that run workers. */
    private Stream<Member> runners() {
        return members.others().stream()
                .filter(member -> !member.draining() && !member.role().equals("http"));
    }

    private static boolean outranks(UUID one, UUID other, String shard) {
        return Comparator.<UUID>comparingLong(process -> weight(process, shard))
                        .thenComparing(Comparator.naturalOrder())
                        .compare(one, other)
                > 0;
    }

    /** Which of {@code processes} shall have {@code shard}. */
    static UUID owner(List<UUID> processes, String shard) {
        return processes.stream()
                .reduce((one, other) -> outranks(one, other, shard) ? one : other)
                .orElseThrow();
    }

    /** Mixes all bits of both, as MurmurHash3 finishes. */
    private static long weight(UUID process, String shard) {
        long mixed = process.getMostSignificantBits() ^ (process.getLeastSignificantBits() * 31);
        for (int i = 0; i < shard.length(); i++) {
            mixed = mix(mixed * 31 + shard.charAt(i));
        }
        return mix(mixed);
    }

    private static long mix(long bits) {
        long once = (bits ^ (bits >>> 33)) * 0xff51afd7ed558ccdL;
        long twice = (once ^ (once >>> 33)) * 0xc4ceb9fe1a85ec53L;
        return twice ^ (twice >>> 33);
    }
}
