package dev.tutti.socketio.engineio;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The one {@link Relay} from each event loop to each other. Safe for use by many threads. */
final class Relays {
    private record Way(EventLoop from, EventLoop to) {}

    private final Map<Way, Relay> relays = new ConcurrentHashMap<>(); // as many as pairs of event loops

    Relay between(EventLoop from, EventLoop to) {
        return relays.computeIfAbsent(new Way(from, to), way -> new Relay(way.from(), way.to()));
    }
}
