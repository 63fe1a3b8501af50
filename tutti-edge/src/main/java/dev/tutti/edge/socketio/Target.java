package dev.tutti.edge.socketio;

import dev.tutti.core.stream.Shared;
import dev.tutti.edge.socketio.Rooms.Group;
import dev.tutti.edge.socketio.Rooms.Membership;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.Emitter;
import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Who shall get a message: everybody in a namespace, or in some of its rooms, but not those in others.
 *
 * <p>What is sent takes one task per event loop that has such sockets, in which each form is encoded once.
 */
record Target(ServerNamespace namespace, List<String> rooms, List<String> without, boolean mayDrop) implements Emitter {
    /** Numbers the rounds in which a socket must be met once only; a socket remembers the last one it was met in. */
    private static final AtomicLong ROUNDS = new AtomicLong();

    /** The part of the target that is on one event loop. */
    private static final class Part {
        private final List<Group> groups = new ArrayList<>(1);
        private final List<ServerSocket> single = new ArrayList<>(0);
        private final List<Group> withoutGroups = new ArrayList<>(0);
        private final List<ServerSocket> withoutSingle = new ArrayList<>(0);
    }

    @Override
    public Emitter to(String room) {
        return new Target(namespace, with(rooms, room), without, mayDrop);
    }

    @Override
    public Emitter except(String room) {
        return new Target(namespace, rooms, with(without, room), mayDrop);
    }

    @Override
    public Emitter ephemeral() {
        return new Target(namespace, rooms, without, true);
    }

    @Override
    public void emit(String event, Object... data) {
        List<EnginePacket> packets = namespace.server().payloads().event(namespace.name(), event, data);
        onEachLoop(sockets -> {
            try (Shared<List<EnginePacket>> shared = new Shared<>(packets)) {
                sockets.each(socket -> socket.deliver(shared, mayDrop));
            }
        });
    }

    @Override
    public void disconnect() {
        onEachLoop(sockets -> sockets.each(ServerSocket::disconnectHere));
    }

    /** The sockets of one event loop that are meant; to be walked through on that loop, once. */
    private interface Sockets {
        void each(Consumer<ServerSocket> visit);
    }

    private void onEachLoop(Consumer<Sockets> task) {
        if (rooms.size() <= 1 && without.isEmpty() && (rooms.isEmpty() || namespace.socket(rooms.getFirst()) == null)) {
            List<Group> groups = rooms.isEmpty()
                    ? namespace.rooms().everybody()
                    : namespace.rooms().in(rooms.getFirst());
            for (Group group : groups) {
                group.loop().execute(() -> task.accept(visit -> visit(group, visit)));
            }
        } else {
            long round = ROUNDS.incrementAndGet();
            parts().forEach((loop, part) -> loop.execute(() -> task.accept(visit -> visit(part, round, visit))));
        }
    }

    private static void visit(Group group, Consumer<ServerSocket> visit) {
        for (Membership member : group.members()) {
            visit.accept(member.socket());
        }
    }

    private static void visit(Part part, long round, Consumer<ServerSocket> visit) {
        part.withoutSingle.forEach(socket -> socket.meet(round));
        part.withoutGroups.forEach(group -> visit(group, socket -> socket.meet(round)));
        Consumer<ServerSocket> once = socket -> {
            if (socket.meet(round)) {
                visit.accept(socket);
            }
        };
        part.single.forEach(once);
        part.groups.forEach(group -> visit(group, once));
    }

    private Map<EventLoop, Part> parts() {
        Map<EventLoop, Part> parts = new HashMap<>();
        if (rooms.isEmpty()) {
            namespace
                    .rooms()
                    .everybody()
                    .forEach(group -> part(parts, group.loop()).groups.add(group));
        }
        for (String room : rooms) {
            @Nullable ServerSocket single = namespace.socket(room);
            if (single != null) {
                part(parts, single.loop()).single.add(single);
            }
            namespace
                    .rooms()
                    .in(room)
                    .forEach(group -> part(parts, group.loop()).groups.add(group));
        }
        for (String room : without) {
            @Nullable ServerSocket single = namespace.socket(room);
            if (single != null) {
                parts.computeIfPresent(single.loop(), (_, part) -> {
                    part.withoutSingle.add(single);
                    return part;
                });
            }
            for (Group group : namespace.rooms().in(room)) {
                parts.computeIfPresent(group.loop(), (_, part) -> {
                    part.withoutGroups.add(group);
                    return part;
                });
            }
        }
        return parts;
    }

    private static Part part(Map<EventLoop, Part> parts, EventLoop loop) {
        return parts.computeIfAbsent(loop, _ -> new Part());
    }

    private static List<String> with(List<String> names, String more) {
        List<String> all = new ArrayList<>(names);
        all.add(more);
        return List.copyOf(all);
    }
}
