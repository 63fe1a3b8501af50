package dev.tutti.core.cache;

import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.RendezvousHash;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import java.util.stream.Stream;

/**
 * The coordinators of keys: for each key, the instance that says who loads it. All instances that know the same members agree. Safe for
 * use by many threads.
 */
record KeyCoordinators(Members members) {
    /** The coordinator of {@code key}: none that is about to leave, unless all are. */
    NodeTag of(CacheKey key) {
        Member self = members.self();
        return Stream.concat(members.others().stream(), Stream.of(self))
                .filter(member -> !member.draining())
                .map(Member::process)
                .max(RendezvousHash.of(key.cache() + '\0' + key.key()))
                .map(NodeTag::of)
                .orElseGet(() -> NodeTag.of(self.process()));
    }
}
