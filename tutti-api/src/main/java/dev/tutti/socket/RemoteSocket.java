package dev.tutti.socket;

import java.util.Map;
import java.util.Set;

/**
 * What is known of a socket of any instance, at the moment it was asked. To do something with it, address its id as a room.
 *
 * @param id its {@link Socket#id}
 * @param instance the name of the instance it is connected to
 * @param address the client's network address
 * @param rooms the rooms it is in, its own id among them
 * @param principal who it is
 * @param data the values of {@link Socket#data} that are booleans, numbers, strings and byte arrays, and lists and maps of these, 16 deep at most
 */
public record RemoteSocket(
        String id, String instance, String address, Set<String> rooms, Principal principal, Map<String, Object> data) {
    public RemoteSocket {
        rooms = Set.copyOf(rooms);
        data = Map.copyOf(data);
    }
}
