package dev.tutti.socket;

import java.util.Map;
import java.util.Set;

/**
 * A socket of any instance, as it was at the moment its instance was asked. To do something with it, address its id as a room.
 *
 * @param id its {@link Socket#id}
 * @param instance the name of the instance it is connected to
 * @param address the client's network address
 * @param rooms the rooms it is in, its own id among them
 * @param principal who it is, without {@link Principal#capabilities} and {@link Principal#claims}
 * @param data the values of {@link Socket#data} that are booleans, numbers, strings and byte arrays, and lists and maps of these and of null, 16 deep
 *     at most, as they come out of JSON: a number may be of another type, so read it as {@link Number}, a set is a list, and the keys of maps are
 *     strings. Empty if they cannot be written
 */
public record RemoteSocket(
        String id, String instance, String address, Set<String> rooms, Principal principal, Map<String, Object> data) {
    public RemoteSocket {
        rooms = Set.copyOf(rooms);
        data = Map.copyOf(data);
    }
}
