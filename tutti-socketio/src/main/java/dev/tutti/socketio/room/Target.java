package dev.tutti.socketio.room;

import dev.tutti.cluster.FrameReader;
import dev.tutti.cluster.FrameWriter;
import dev.tutti.protocol.ProtocolException;
import java.util.ArrayList;
import java.util.List;

/**
 * A choice of sockets, wherever in the cluster they are.
 *
 * @param namespace the name of the one that they are in
 * @param rooms they are in one of these; in any, or none, if it is empty
 * @param without they are in none of these
 */
public record Target(String namespace, List<String> rooms, List<String> without) {
    /** Everybody in {@code namespace}. */
    public static Target all(String namespace) {
        return new Target(namespace, List.of(), List.of());
    }

    /** Those in {@code room} as well. */
    public Target to(String room) {
        return new Target(namespace, with(rooms, room), without);
    }

    /** But not those in {@code room}. */
    public Target except(String room) {
        return new Target(namespace, rooms, with(without, room));
    }

    /** Writes it to {@code out}, for {@link #read}. */
    public void write(FrameWriter out) {
        out.text(namespace).list(rooms, FrameWriter::text).list(without, FrameWriter::text);
    }

    /**
     * Reads what {@link #write} wrote.
     *
     * @throws ProtocolException if it is something else
     */
    public static Target read(FrameReader in) {
        return new Target(in.text(), in.list(FrameReader::text), in.list(FrameReader::text));
    }

    private static List<String> with(List<String> names, String more) {
        List<String> all = new ArrayList<>(names.size() + 1);
        all.addAll(names);
        all.add(more);
        return List.copyOf(all);
    }
}
