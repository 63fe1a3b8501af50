package dev.tutti.cluster;

import dev.tutti.ListenerRegistration;
import dev.tutti.bus.Topics;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The other instances as one capability addresses them: each by its {@link NodeTag}, over a topic of its own. Safe for use by many
 * threads; messages are heard on the bus's thread, leaving members on the heartbeat's.
 */
public final class Peers {
    private record Alive(List<Member> others, Map<NodeTag, Member> byTag) {}

    private final Members members;
    private final Topics topics;
    private final NodeTag self;
    private volatile Alive alive = new Alive(List.of(), Map.of());

    /**
     * The others among {@code members}, which tell each other something over {@code bus} on the topics of {@code family}, one
     * user of which there can be; {@code heard} gets what is told to this instance, on whatever topic.
     */
    public Peers(Members members, Topics.Source bus, String family, Consumer<byte[]> heard) {
        this(members, bus, family, (Topics.Listener) (_, payload) -> heard.accept(payload));
    }

    /** As above, for those who must know of gaps. */
    public Peers(Members members, Topics.Source bus, String family, Topics.Listener listener) {
        this.members = members;
        this.topics = bus.topics(Topics.Family.sealed(family, 1), listener);
        this.self = NodeTag.of(members.self().process());
    }

    /** Begins to hear what is told to this instance. */
    public void start() {
        topics.subscribe(topic(self));
    }

    /** This instance. */
    public NodeTag self() {
        return self;
    }

    /** Whether there are no others. */
    public boolean alone() {
        return members.others().isEmpty();
    }

    /** The others that are alive. */
    public Set<NodeTag> others() {
        return byTag().keySet();
    }

    /** Whether {@code tag} is one of them. */
    public boolean isOther(NodeTag tag) {
        return byTag().containsKey(tag);
    }

    /** Sends {@code frame} to one of the others: at most once. */
    public void tell(NodeTag other, byte[] frame) {
        topics.publish(topic(other), frame);
    }

    /** The topics that several of them hear; their names must not begin with {@code @}. */
    public Topics topics() {
        return topics;
    }

    /** Adds somebody who hears what happens to the members, until that is closed. */
    public ListenerRegistration listen(MembershipListener listener) {
        return members.listen(listener);
    }

    private Map<NodeTag, Member> byTag() {
        List<Member> others = members.others();
        Alive known = alive;
        if (!known.others().equals(others)) {
            Map<NodeTag, Member> byTag = new HashMap<>();
            others.forEach(member -> byTag.put(NodeTag.of(member.process()), member));
            known = new Alive(others, Map.copyOf(byTag));
            alive = known;
        }
        return known.byTag();
    }

    private static String topic(NodeTag tag) {
        return "@" + tag.value();
    }
}
