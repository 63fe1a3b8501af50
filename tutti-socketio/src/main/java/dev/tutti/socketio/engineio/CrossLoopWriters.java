package dev.tutti.socketio.engineio;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The one {@link CrossLoopWriter} from each event loop to each other. Safe for use by many threads. */
final class CrossLoopWriters {
    private record Way(EventLoop from, EventLoop to) {}

    private final Map<Way, CrossLoopWriter> writers = new ConcurrentHashMap<>(); // as many as pairs of event loops

    CrossLoopWriter between(EventLoop from, EventLoop to) {
        return writers.computeIfAbsent(new Way(from, to), way -> new CrossLoopWriter(way.from(), way.to()));
    }
}
