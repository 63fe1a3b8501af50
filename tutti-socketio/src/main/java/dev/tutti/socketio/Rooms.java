package dev.tutti.socketio;

import dev.tutti.core.stream.ExecutorGroups;
import dev.tutti.core.stream.ExecutorGroups.Group;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Which sockets are in which rooms of a namespace, grouped by event loop, so that one task a loop reaches all of a room's
 * members there. Safe for use by many threads; who is a member is known to each loop alone.
 */
final class Rooms {
    /** One socket in one room. */
    static final class Membership extends ExecutorGroups.Member {
        private final ServerSocket socket;

        private Membership(ServerSocket socket) {
            this.socket = socket;
        }

        ServerSocket socket() {
            return socket;
        }

        @Override
        protected Executor executor() {
            return socket.loop();
        }
    }

    private final String namespace;
    private final ClusterAdapter cluster;
    private final ExecutorGroups<Membership> everybody = new ExecutorGroups<>();
    private final Map<String, ExecutorGroups<Membership>> rooms = new ConcurrentHashMap<>();

    /** The rooms of {@code namespace}; {@code cluster} is told which there are. */
    Rooms(String namespace, ClusterAdapter cluster) {
        this.namespace = namespace;
        this.cluster = cluster;
    }

    /** Adds a socket to the namespace. */
    Membership enter(ServerSocket socket) {
        Membership membership = new Membership(socket);
        everybody.add(membership);
        return membership;
    }

    /** Takes one out again. */
    void exit(Membership membership) {
        everybody.remove(membership);
    }

    /** Puts {@code socket}, which is not in it, into {@code room}. */
    Membership join(String room, ServerSocket socket) {
        Membership membership = new Membership(socket);
        rooms.compute(room, (_, known) -> {
            ExecutorGroups<Membership> joining = known;
            if (joining == null) {
                joining = new ExecutorGroups<>();
                cluster.opened(namespace, room);
            }
            joining.add(membership);
            return joining;
        });
        return membership;
    }

    /** Takes one out of {@code room}, and with the last one the room away. */
    void leave(String room, Membership membership) {
        rooms.computeIfPresent(room, (_, known) -> {
            known.remove(membership);
            if (!known.isEmpty()) {
                return known;
            }
            cluster.closed(namespace, room);
            return null;
        });
    }

    /** Everybody, by event loop. */
    List<Group<Membership>> everybody() {
        return everybody.groups();
    }

    /** Who is in {@code room}, by event loop. */
    List<Group<Membership>> in(String room) {
        @Nullable ExecutorGroups<Membership> known = rooms.get(room);
        return known == null ? List.of() : known.groups();
    }

    /** How many rooms there are. */
    int size() {
        return rooms.size();
    }
}
