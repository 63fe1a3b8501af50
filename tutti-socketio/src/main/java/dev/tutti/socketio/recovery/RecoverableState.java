package dev.tutti.socketio.recovery;

import dev.tutti.TuttiException;
import dev.tutti.core.recovery.ConnectionRecovery;
import dev.tutti.recovery.SavedConnection;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.recovery.RoomHistory.Interval;
import dev.tutti.socketio.room.SocketRooms;
import dev.tutti.socketio.socket.EnteringSocket;
import dev.tutti.socketio.socket.SocketState;
import dev.tutti.socketio.wire.PlainValues;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The state with which one socket of a recoverable namespace can come back: its rooms, its former times in rooms, and its
 * attributes. Each change is kept before it is made, so that the kept state is the socket's, whenever its instance dies. Safe for
 * use by many threads; changes block, and come one after the other.
 */
public final class RecoverableState implements SocketState {
    private final EnteringSocket socket;
    private final SocketRooms live;
    private final Recovery recovery;
    private final Lock changes = new ReentrantLock();
    private final RecoverableAttributes view = new RecoverableAttributes(this);
    private Map<String, Long> rooms = Map.of();
    private RoomHistory history = RoomHistory.NONE;
    private long begin;
    private volatile long claim = 1;
    private volatile Map<String, Object> attributes = Map.of();
    private volatile @Nullable SavedConnection
            kept; // null before it is in, and when it is known that it cannot come back

    /** The state of {@code socket}, which is in the rooms {@code live}. */
    public RecoverableState(EnteringSocket socket, SocketRooms live, Recovery recovery) {
        this.socket = socket;
        this.live = live;
        this.recovery = recovery;
    }

    @Override
    public boolean areKept() {
        return true;
    }

    @Override
    public long claim() {
        return claim;
    }

    @Override
    public ConcurrentMap<String, Object> data() {
        return view;
    }

    /** The attributes as they are now. */
    Map<String, Object> now() {
        return attributes;
    }

    @Override
    public boolean admit() {
        return recovery.admit(socket, this);
    }

    /** A new socket: keeps it for the client that holds {@code secret}; false if that cannot be done. Blocks. */
    boolean begin(String secret) {
        changes.lock();
        try {
            begin = recovery.namespaceLog().passed();
            kept = recovery.connections().add(secret, recovery.write(state(rooms, attributes, history)));
            return true;
        } catch (TuttiException unavailable) {
            return false;
        } finally {
            changes.unlock();
        }
    }

    /** A socket that comes back as it was; what it has become by now stays. Its rooms are entered. */
    void resume(SavedConnection taken, SavedState before) {
        changes.lock();
        try {
            begin = before.begin();
            Map<String, Long> allRooms = new HashMap<>(rooms);
            allRooms.putAll(before.rooms());
            Map<String, Object> allAttributes = new HashMap<>(before.attributes());
            allAttributes.putAll(attributes);
            rooms = Map.copyOf(allRooms);
            history = before.stays();
            attributes = Map.copyOf(allAttributes);
            kept = taken;
            claim = taken.claim();
            rooms.keySet().forEach(live::join);
        } finally {
            changes.unlock();
        }
    }

    /**
     * Keeps what a socket that came back has become besides what it was. Blocks.
     *
     * @throws TuttiException if that cannot be done
     */
    void confirm(SavedState before) {
        changes.lock();
        try {
            if (!rooms.equals(before.rooms())
                    || !PlainValues.withoutBytes(attributes).equals(before.attributes())) {
                keep(rooms, attributes, history);
            }
        } finally {
            changes.unlock();
        }
    }

    @Override
    public boolean join(String room) {
        changes.lock();
        try {
            if (room.equals(socket.id()) || rooms.containsKey(room)) {
                return true;
            }
            if (rooms.size() >= SocketRooms.MOST) {
                return false;
            }
            Map<String, Long> more = new HashMap<>(rooms);
            more.put(room, recovery.namespaceLog().passed());
            keep(more, attributes, history);
            return live.join(room);
        } finally {
            changes.unlock();
        }
    }

    @Override
    public void leave(String room) {
        changes.lock();
        try {
            Map<String, Long> fewer = new HashMap<>(rooms);
            @Nullable Long joined = fewer.remove(room);
            if (joined != null) {
                keep(
                        fewer,
                        attributes,
                        history.with(new Interval(
                                room, joined, recovery.namespaceLog().passed())));
                live.leave(room);
            }
        } finally {
            changes.unlock();
        }
    }

    /** Changes the attributes by {@code operation}. Blocks. */
    <T extends @Nullable Object> T change(Function<Map<String, Object>, T> operation) {
        changes.lock();
        try {
            Map<String, Object> changed = new HashMap<>(attributes);
            T result = operation.apply(changed);
            keep(rooms, changed, history);
            return result;
        } finally {
            changes.unlock();
        }
    }

    private void keep(Map<String, Long> newRooms, Map<String, Object> newAttributes, RoomHistory newHistory) {
        Map<String, Object> next = Map.copyOf(newAttributes); // before they are kept: it refuses null
        SavedConnection known = kept;
        if (known != null
                && !recovery.connections().save(known.with(recovery.write(state(newRooms, next, newHistory))))) {
            kept = null;
        }
        rooms = Map.copyOf(newRooms);
        attributes = next;
        history = newHistory;
    }

    private SavedState state(Map<String, Long> inRooms, Map<String, Object> withAttributes, RoomHistory after) {
        return new SavedState(
                socket.id(), recovery.person(socket), begin, inRooms, PlainValues.withoutBytes(withAttributes), after);
    }

    @Override
    public void ended(DisconnectReason reason) {
        ConnectionRecovery connections = recovery.connections();
        end(
                switch (reason) {
                    case CLIENT, SERVER, EXPIRED -> connections::forget;
                    case CONNECTION_CLOSED,
                            TRANSPORT_CLOSED,
                            PING_TIMEOUT,
                            SLOW_CONSUMER,
                            GOING_AWAY,
                            PROTOCOL_ERROR,
                            LIMIT -> connections::lost;
                });
    }

    /** Lets {@code how} note of what is kept, if there is something, that the connection has ended. */
    void end(Consumer<SavedConnection> how) {
        Optional.ofNullable(kept).ifPresent(how);
    }
}
