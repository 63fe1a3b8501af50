package dev.tutti.socketio.room;

import dev.tutti.core.stream.ExecutorGroups;
import dev.tutti.core.stream.ExecutorGroups.Group;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The sockets of one namespace at this instance, and which of them are in which rooms, grouped by event loop, so that one task a
 * loop reaches all of a room's members there. Safe for use by many threads; who is a member is known to each loop alone.
 */
public final class Rooms {
    /** Told which rooms have members here. Called while the room is locked, so it must not block. */
    public interface Listener {
        /** A room has its first member. */
        void opened(String namespace, String room);

        /** A room has lost its last member. */
        void closed(String namespace, String room);
    }

    /** One socket in one room. */
    static final class RoomMembership extends ExecutorGroups.GroupMember {
        private final LocalSocket socket;

        private RoomMembership(LocalSocket socket) {
            this.socket = socket;
        }

        LocalSocket socket() {
            return socket;
        }

        @Override
        protected Executor executor() {
            return socket.loop();
        }
    }

    private final String namespace;
    private final Listener listener;
    private final Map<String, LocalSocket> sockets = new ConcurrentHashMap<>();
    private final ExecutorGroups<RoomMembership> everybody = new ExecutorGroups<>();
    private final Map<String, ExecutorGroups<RoomMembership>> rooms = new ConcurrentHashMap<>();

    /** Those of {@code namespace}; {@code listener} is told which rooms there are. */
    public Rooms(String namespace, Listener listener) {
        this.namespace = namespace;
        this.listener = listener;
    }

    /** The name of the namespace. */
    public String namespace() {
        return namespace;
    }

    /** Adds a socket to the namespace; throws what its loop does, if that does not take it. */
    RoomMembership enter(LocalSocket socket) {
        RoomMembership membership = new RoomMembership(socket);
        sockets.put(socket.id(), socket);
        try {
            everybody.add(membership);
        } catch (Throwable notTaken) {
            sockets.remove(socket.id(), socket);
            throw notTaken;
        }
        return membership;
    }

    /** Takes one out again. */
    void exit(RoomMembership membership) {
        LocalSocket socket = membership.socket();
        sockets.remove(socket.id(), socket); // one that came back has the same id
        everybody.remove(membership);
    }

    /** Those in the namespace. */
    public Collection<LocalSocket> sockets() {
        return sockets.values();
    }

    /** The socket {@code id}; null if it is not here. */
    @Nullable
    LocalSocket socket(String id) {
        return sockets.get(id);
    }

    /** Whether the socket {@code id} is here. */
    public boolean hasSocket(String id) {
        return sockets.containsKey(id);
    }

    /** Whether there is a socket of this id, or one in this room. */
    boolean hasHere(String room) {
        return sockets.containsKey(room) || !in(room).isEmpty();
    }

    /** Puts {@code socket}, which is not in it, into {@code room}; throws what its loop does, if that does not take it. */
    RoomMembership join(String room, LocalSocket socket) {
        RoomMembership membership = new RoomMembership(socket);
        rooms.compute(room, (_, known) -> {
            ExecutorGroups<RoomMembership> joining = known == null ? new ExecutorGroups<>() : known;
            joining.add(membership); // before the room is told of, which would stay open if this throws
            if (known == null) {
                listener.opened(namespace, room);
            }
            return joining;
        });
        return membership;
    }

    /** Takes one out of {@code room}, and with the last one the room away. */
    void leave(String room, RoomMembership membership) {
        rooms.computeIfPresent(room, (_, known) -> {
            known.remove(membership);
            if (!known.isEmpty()) {
                return known;
            }
            listener.closed(namespace, room);
            return null;
        });
    }

    /** Everybody, by event loop. */
    List<Group<RoomMembership>> everybody() {
        return everybody.groups();
    }

    /** The members of {@code room}, by event loop. */
    List<Group<RoomMembership>> in(String room) {
        @Nullable ExecutorGroups<RoomMembership> known = rooms.get(room);
        return known == null ? List.of() : known.groups();
    }

    /** How many rooms there are. */
    public int size() {
        return rooms.size();
    }
}
