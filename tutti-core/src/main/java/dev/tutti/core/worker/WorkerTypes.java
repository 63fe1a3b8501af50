package dev.tutti.core.worker;

import dev.tutti.bus.Topics;
import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The types whose shards each instance runs, as it says on the bus: when there is a new one, when somebody joins, and with each fifth
 * heartbeat, as messages may be lost. An instance that has said nothing, as older ones do not, may run any. Safe for use by many threads.
 */
final class WorkerTypes {
    /** Where they say so. */
    static final String TOPIC = "types";

    private static final int BEATS = 5;
    private static final int MOST = 10_000; // of one instance; one that says more has said nothing

    private final Members members;
    private final Topics topics;
    private final Set<String> own = ConcurrentHashMap.newKeySet();
    private final Map<UUID, Set<String>> others = new ConcurrentHashMap<>(); // by process, of members alone

    WorkerTypes(Members members, Topics topics) {
        this.members = members;
        this.topics = topics;
    }

    /** Begins to hear and to say it. Called once. */
    void start() {
        topics.subscribe(TOPIC);
        members.listen(new Announcer());
    }

    /** This instance runs shards of {@code type}, too. */
    void add(String type) {
        own.add(type);
        announce();
    }

    /** This instance runs none any longer, which the others hear before they hear that its leases are free. */
    void leave() {
        own.clear();
        announce();
    }

    /** Whether {@code process} runs shards of {@code type}, as far as is known. */
    boolean mayRun(UUID process, String type) {
        @Nullable Set<String> types = others.get(process);
        return types == null || types.contains(type);
    }

    /** Another instance says which types it runs. */
    void heard(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        UUID process = in.id();
        List<String> types = in.list(FrameReader::text);
        in.end();
        if (types.size() <= MOST && processes().contains(process)) {
            others.put(process, Set.copyOf(types));
        }
    }

    private Set<UUID> processes() {
        return members.others().stream().map(Member::process).collect(Collectors.toSet());
    }

    private synchronized void announce() { // what is said last is what is so
        topics.publish(
                TOPIC,
                new FrameWriter()
                        .id(members.self().process())
                        .list(List.copyOf(own), FrameWriter::text)
                        .frame());
    }

    private final class Announcer implements MembershipListener {
        private int beats;

        @Override
        public void joined(Member member) {
            announce();
        }

        @Override
        public void heartbeat(Members now) {
            beats = (beats + 1) % BEATS;
            if (beats == 0) {
                others.keySet().retainAll(processes());
                announce();
            }
        }
    }
}
