package dev.tutti.socketio.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.bus.Topics;
import dev.tutti.cluster.NodeTag;
import dev.tutti.cluster.Peers;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.Tutti;
import dev.tutti.member.Member;
import dev.tutti.member.Members;
import dev.tutti.member.MembershipListener;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.cluster.ClusterMessage.Answer;
import dev.tutti.socketio.cluster.ClusterMessage.Broadcast;
import dev.tutti.socketio.cluster.ClusterMessage.Disconnect;
import dev.tutti.socketio.cluster.ClusterMessage.DisconnectFormer;
import dev.tutti.socketio.cluster.ClusterMessage.Hello;
import dev.tutti.socketio.cluster.ClusterMessage.Join;
import dev.tutti.socketio.cluster.ClusterMessage.Leave;
import dev.tutti.socketio.cluster.ClusterMessage.Order;
import dev.tutti.socketio.cluster.ClusterMessage.Question;
import dev.tutti.socketio.cluster.ClusterMessage.ServerEvent;
import dev.tutti.socketio.room.LocalSocket;
import dev.tutti.socketio.room.Recipients;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.room.SocketOutbox;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The place of this Socket.IO server among those of the other instances: it does the work that is to be done here, whichever
 * instance asks for it, and tells the others the work that is to be done there.
 *
 * <p>Messages for one room go over a topic of that room, which only instances with members hear. Messages for sockets of one instance
 * go to that instance, which their ids name, so that sockets need no topics. Everything else goes over the namespace's topic;
 * but questions go over one that all hear, because an instance that has nobody to ask must say so.
 *
 * <p>Safe for use by many threads; never blocks.
 */
public final class ClusterAdapter implements MembershipListener, Rooms.Listener {
    private static final String ALL = "*";
    private static final int LONGEST_ROOM = 200; // longer ones go over the namespace's topic

    private final Function<String, @Nullable LocalNamespace> namespaces;
    private final Peers peers;
    private final ClusterRequests clusterRequests;
    private final Set<NodeTag> known = ConcurrentHashMap.newKeySet(); // those who have said hello

    /** The adapter of {@code tutti}, which delivers to the {@code namespaces} that are here, by name. */
    public ClusterAdapter(Function<String, @Nullable LocalNamespace> namespaces, Payloads payloads, Tutti tutti) {
        this.namespaces = namespaces;
        this.clusterRequests = new ClusterRequests(namespaces, payloads, this, tutti.instance());
        this.peers = new Peers(tutti.members(), tutti.bus(), "socketio", this::heard);
    }

    /** Begins to hear the others. */
    public void start() {
        peers.start();
        peers.topics().subscribe(ALL);
        peers.listen(this);
        greet();
    }

    /** The questions to all instances. */
    public ClusterRequests clusterRequests() {
        return clusterRequests;
    }

    /** This instance. */
    public NodeTag self() {
        return peers.self();
    }

    /** There is a namespace at this instance. */
    public void opened(String namespace) {
        peers.topics().subscribe(namespace);
    }

    @Override
    public void opened(String namespace, String room) {
        if (hasTopic(room)) {
            peers.topics().subscribe(topic(namespace, room));
        }
    }

    @Override
    public void closed(String namespace, String room) {
        if (hasTopic(room)) {
            peers.topics().unsubscribe(topic(namespace, room));
        }
    }

    /** Does {@code order} at all instances. */
    public void order(Order order) {
        if (!peers.alone()) {
            publish(order);
        }
        doHere(order);
    }

    private void publish(Order order) {
        Target who = order.who();
        Optional<NodeTag> owner = owner(who);
        if (owner.filter(self()::equals).isPresent() || isOnlyHere(order)) {
            return;
        }
        byte[] frame = frame(order);
        if (owner.isPresent()) {
            peers.tell(owner.get(), frame);
        } else if (who.rooms().size() == 1
                && hasTopic(who.rooms().getFirst())
                && !mayHaveMoved(who)
                && who.without().stream().allMatch(id -> isOf(self(), id))) {
            peers.topics().publish(topic(who.namespace(), who.rooms().getFirst()), frame);
        } else {
            peers.topics().publish(who.namespace(), frame);
        }
    }

    private void doHere(Order order) {
        @Nullable LocalNamespace namespace = namespaces.apply(order.who().namespace());
        if (namespace == null) {
            return;
        }
        List<EnginePacket> packets = order instanceof Broadcast sent ? namespace.stamped(sent.packets()) : List.of();
        Recipients recipients = Recipients.of(namespace.rooms(), order.who());
        switch (order) {
            case Broadcast broadcast -> {
                BiConsumer<SocketOutbox, EncodeOnce<List<EnginePacket>>> way =
                        broadcast.mayDrop() ? SocketOutbox::offer : SocketOutbox::deliver;
                recipients.onEachLoop(part -> {
                    try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(packets)) {
                        part.each(socket -> way.accept(socket.outbox(), encoded));
                    }
                });
            }
            case Join join -> recipients.onEachLoop(part -> part.each(socket -> socket.joinLater(join.room())));
            case Leave leave -> recipients.onEachLoop(part -> part.each(socket -> socket.leaveLater(leave.room())));
            case Disconnect _ -> recipients.onEachLoop(part -> part.each(LocalSocket::disconnectHere));
            case DisconnectFormer former ->
                recipients.onEachLoop(part -> part.each(socket -> socket.disconnectFormer(former.claim())));
        }
    }

    /** Tells the application at the other instances. */
    public void serverEmit(ServerEvent event) {
        if (!peers.alone()) {
            peers.topics().publish(event.namespace(), frame(event));
        }
    }

    /** Puts {@code question} to all others, or to the one that alone can have what it is about. */
    void ask(Question question, Optional<NodeTag> owner) {
        byte[] frame = frame(question);
        if (owner.isPresent()) {
            peers.tell(owner.get(), frame);
        } else {
            peers.topics().publish(ALL, frame);
        }
    }

    /** Those whose answers are to be waited for. */
    public Set<NodeTag> asked() {
        Set<NodeTag> asked = new HashSet<>(known);
        asked.retainAll(peers.others());
        return asked;
    }

    /** Whether {@code other} has not left. */
    boolean isAlive(NodeTag other) {
        return peers.isOther(other);
    }

    /** The only instance that can have such sockets, this one or another; empty if several can: those that came back move. */
    Optional<NodeTag> owner(Target who) {
        List<String> rooms = who.rooms();
        if (rooms.isEmpty() || isRecoverable(who)) {
            return Optional.empty();
        }
        return NodeTag.in(rooms.getFirst())
                .filter(tag -> tag.equals(self()) || peers.isOther(tag))
                .filter(tag -> rooms.stream().allMatch(id -> isOf(tag, id)));
    }

    private void heard(byte[] frame) {
        switch (ClusterFrames.read(frame)) {
            case Order order -> doHere(order);
            case Question question -> {
                var _ = clusterRequests
                        .answer(question)
                        .thenAccept(answer -> peers.tell(question.from(), frame(answer)))
                        .whenComplete((_, failure) -> {
                            if (failure != null) {
                                Failures.note("The answer to another instance", failure);
                            }
                        });
            }
            case ServerEvent(String namespace, Body body) -> {
                @Nullable LocalNamespace found = namespaces.apply(namespace);
                if (found != null) {
                    found.serverEvents().handle(body);
                }
            }
            case Answer answer -> clusterRequests.answered(answer);
            case Hello(NodeTag from, boolean asks) -> {
                known.add(from);
                if (asks) {
                    peers.tell(from, frame(new Hello(self(), false)));
                }
            }
        }
    }

    @Override
    public void left(Member member) {
        clusterRequests.left(NodeTag.of(member.process()));
    }

    @Override
    public void heartbeat(Members members) {
        known.retainAll(peers.others());
        greet();
    }

    private void greet() {
        for (NodeTag other : peers.others()) {
            if (!known.contains(other)) {
                peers.tell(other, frame(new Hello(self(), true)));
            }
        }
    }

    private static byte[] frame(ClusterMessage message) {
        byte[] frame = ClusterFrames.frame(message);
        if (frame.length <= Topics.MAX_PAYLOAD) {
            return frame;
        }
        if (message instanceof Answer answer && !answer.bodies().isEmpty()) {
            return frame(new Answer(answer.from(), answer.number(), false, List.of()));
        }
        throw new TuttiException(
                ErrorCode.TOO_LARGE,
                "what is for other instances has " + frame.length + " bytes; allowed are " + Topics.MAX_PAYLOAD);
    }

    /** Whether it is for sockets that are connected here alone, and may miss those that move to another instance meanwhile. */
    private boolean isOnlyHere(Order order) {
        Target who = order.who();
        @Nullable LocalNamespace namespace = namespaces.apply(who.namespace());
        return order instanceof Broadcast sent
                && sent.mayDrop()
                && namespace != null
                && !who.rooms().isEmpty()
                && who.rooms().stream().allMatch(namespace.rooms()::hasSocket);
    }

    /** Whether it is about one socket, which can be at any instance. */
    private boolean mayHaveMoved(Target who) {
        return NodeTag.in(who.rooms().getFirst()).isPresent() && isRecoverable(who);
    }

    private boolean isRecoverable(Target who) {
        @Nullable LocalNamespace namespace = namespaces.apply(who.namespace());
        return namespace != null && namespace.isRecoverable();
    }

    private static boolean isOf(NodeTag instance, String id) {
        return NodeTag.in(id).filter(instance::equals).isPresent();
    }

    private static boolean hasTopic(String room) {
        return room.length() <= LONGEST_ROOM && room.indexOf('\0') < 0;
    }

    private static String topic(String namespace, String room) {
        return namespace + "," + room; // no namespace has a comma
    }
}
