package dev.tutti.core.worker;

import dev.tutti.cluster.RendezvousHash;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The placement of shards on instances: by {@link RendezvousHash} among those that run the type of the shard, so that only the
 * shards of an instance that comes or goes move. Safe for use by many threads.
 */
final class Placement {
    private final Members members;
    private final WorkerTypes types;

    Placement(Members members, WorkerTypes types) {
        this.members = members;
        this.types = types;
    }

    /** How many others shall rather have {@code shard}, which is of {@code type}, than this instance. */
    int rank(String type, String shard) {
        return (int) runners(type)
                .filter(member -> outranks(member.process(), members.self().process(), shard))
                .count();
    }

    /** How many others there are that may have shards of {@code type}. */
    int others(String type) {
        return (int) runners(type).count();
    }

    /** Whether {@code process}, which says that it waits for it, runs workers and shall rather have it than this instance. */
    boolean prefers(UUID process, String shard) {
        return runners().anyMatch(member -> member.process().equals(process))
                && outranks(process, members.self().process(), shard);
    }

    private Stream<Member> runners(String type) {
        return runners().filter(member -> types.mayRun(member.process(), type));
    }

    /** The others that run workers. */
    private Stream<Member> runners() {
        return members.others().stream()
                .filter(member -> !member.draining() && member.role().runsWorkers());
    }

    private static boolean outranks(UUID one, UUID other, String shard) {
        return RendezvousHash.of(shard).compare(one, other) > 0;
    }

    /** Which of {@code processes} shall have {@code shard}. */
    static UUID owner(List<UUID> processes, String shard) {
        return processes.stream()
                .reduce((one, other) -> outranks(one, other, shard) ? one : other)
                .orElseThrow();
    }
}
