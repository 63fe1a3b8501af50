package dev.tutti.edge.socketio;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets are in which rooms of a namespace, grouped by event loop, so that one task a loop reaches all of a room's
 * members there. Safe for use by many threads; who is a member is known to each loop alone.
 */
final class Rooms {
    /** One socket in one room. */
    static final class Membership {
        private final ServerSocket socket;
        private final Group group;
        private int slot; // where it stands in its group; the loop's

        private Membership(ServerSocket socket, Group group) {
            this.socket = socket;
            this.group = group;
        }

        ServerSocket socket() {
            return socket;
        }
    }

    /** A room's members on one event loop. */
    static final class Group {
        private final EventLoop loop;
        private final List<Membership> members = new ArrayList<>(2); // the loop's
        private int size; // guarded by the room

        private Group(EventLoop loop) {
            this.loop = loop;
        }

        EventLoop loop() {
            return loop;
        }

        /** The members; only on the loop. */
        List<Membership> members() {
            return members;
        }

        private void add(Membership membership) {
            membership.slot = members.size();
            members.add(membership);
        }

        private void remove(Membership membership) {
            Membership last = members.removeLast();
            if (membership.slot < members.size()) {
                members.set(membership.slot, last);
                last.slot = membership.slot;
            }
        }
    }

    private static final class Room {
        private volatile List<Group> groups = List.of();

        synchronized Membership add(ServerSocket socket) {
            Group group = group(socket.loop());
            group.size++;
            Membership membership = new Membership(socket, group);
            group.loop.execute(() -> group.add(membership));
            return membership;
        }

        synchronized void remove(Membership membership) {
            Group group = membership.group;
            group.size--;
            if (group.size == 0) {
                groups = groups.stream().filter(other -> other.size > 0).toList();
            }
            group.loop.execute(() -> group.remove(membership));
        }

        private Group group(EventLoop loop) {
            for (Group known : groups) {
                if (known.loop.equals(loop)) {
                    return known;
                }
            }
            Group fresh = new Group(loop);
            List<Group> more = new ArrayList<>(groups);
            more.add(fresh);
            groups = List.copyOf(more);
            return fresh;
        }
    }

    private final String namespace;
    private final Cluster cluster;
    private final Room everybody = new Room();
    private final Map<String, Room> rooms = new ConcurrentHashMap<>();

    /** The rooms of {@code namespace}; {@code cluster} is told which there are. */
    Rooms(String namespace, Cluster cluster) {
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /** Adds a socket to the namespace. */
    Membership enter(ServerSocket socket) {
        return everybody.add(socket);
    }

    /** Takes one out again. */
    void exit(Membership membership) {
        everybody.remove(membership);
    }

    /** Puts {@code socket}, which is not in it, into {@code room}. */
    Membership join(String room, ServerSocket socket) {
        Membership[] joined = new Membership[1];
        rooms.compute(room, (_, known) -> {
            Room joining = known;
            if (joining == null) {
                joining = new Room();
                cluster.opened(namespace, room);
            }
            joined[0] = joining.add(socket);
            return joining;
        });
        return joined[0];
    }

    /** Takes one out of {@code room}, and with the last one the room away. */
    void leave(String room, Membership membership) {
        rooms.computeIfPresent(room, (_, known) -> {
            known.remove(membership);
            if (!known.groups.isEmpty()) {
                return known;
            }
            cluster.closed(namespace, room);
            return null;
        });
    }

    /** Everybody, by event loop. */
    List<Group> everybody() {
        return everybody.groups;
    }

    /** Who is in {@code room}, by event loop. */
    List<Group> in(String room) {
        @Nullable Room known = rooms.get(room);
        return known == null ? List.of() : known.groups;
    }

    /** How many rooms there are. */
    int size() {
        return rooms.size();
    }
}
