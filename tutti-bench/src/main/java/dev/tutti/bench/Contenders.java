package dev.tutti.bench;

import dev.tutti.bench.child.Child;
import dev.tutti.bench.load.Dialect;
import dev.tutti.bench.subject.Destination;
import dev.tutti.bench.subject.Peer;
import java.util.ArrayList;
import java.util.List;

/**
 * The contenders that are measured side by side.
 *
 * @param size bytes of a message
 * @param window messages under way at a time
 */
record Contenders(int size, int window) {
    /** Where nothing is sent. */
    static final Contenders SILENT = new Contenders(100, 1);

    /** Sockets without a protocol. */
    Contender raw(String name, String... options) {
        return new Contender(name, Dialect.RAW, () -> Child.java(words("raw", options)));
    }

    /** Those that receive from us. */
    List<Contender> subscribing() {
        return List.of(
                target("Socket.IO, room", Dialect.SOCKET_IO_ROOM, Destination.ROOM.option()),
                target("Socket.IO, stream", Dialect.SOCKET_IO_STREAM),
                target("WebSocket, stream", Dialect.WS_STREAM));
    }

    /** Those that only connect to us. */
    List<Contender> connecting() {
        return List.of(target("Socket.IO", Dialect.SOCKET_IO), target("WebSocket", Dialect.WS));
    }

    /** Socket.IO's own server, if it is there. */
    List<Contender> peer(Peer node, Dialect dialect) {
        return node.installed()
                .map(it -> List.of(new Contender(it.name(), dialect, () -> it.start("" + size, "" + window))))
                .orElse(List.of());
    }

    private Contender target(String name, Dialect dialect, String... options) {
        return new Contender(name, dialect, () -> Child.java(words("target", options)));
    }

    private String[] words(String command, String... options) {
        List<String> words = new ArrayList<>(List.of(command));
        words.addAll(List.of(options));
        words.addAll(List.of("--size", "" + size, "--window", "" + window));
        return words.toArray(String[]::new);
    }
}
