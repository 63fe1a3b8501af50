package dev.tutti.socket;

import java.util.Map;
import java.util.Set;

/**
 * A snapshot of a socket of any instance. To send to the socket or to move it, use its id as a room.
 *
 * @param id its {@link Socket#id}
 * @param instance the name of the instance it is connected to
 * @param address the client's network address
 * @param rooms the rooms of the socket, which include the room with its own id
 * @param principal the client's identity, without {@link Principal#capabilities} and {@link Principal#claims}
 * @param data the values of {@link Socket#data} that are booleans, numbers, strings and byte arrays, and lists and maps of these and of
 *     null, nested 16 deep at most. They were converted to JSON and back: a number may have another type, so read it as {@link Number}; a
 *     set is a list; the keys of maps are strings. Empty if the values cannot be written
 */
public record RemoteSocket(
        String id, String instance, String address, Set<String> rooms, Principal principal, Map<String, Object> data) {
    public RemoteSocket {
        rooms = Set.copyOf(rooms);
        data = Map.copyOf(data);
    }
}
