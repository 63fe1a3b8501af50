package dev.tutti.socketio.engineio;

import io.netty.channel.EventLoop;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The one {@link CrossLoopWriter} from each event loop to each other. Safe for use by many threads. */
final class CrossLoopWriters {
    private record LoopPair(EventLoop from, EventLoop to) {}

    private final Map<LoopPair, CrossLoopWriter> writers = new ConcurrentHashMap<>(); // as many as pairs of event loops

    CrossLoopWriter between(EventLoop from, EventLoop to) {
        return writers.computeIfAbsent(new LoopPair(from, to), pair -> new CrossLoopWriter(pair.from(), pair.to()));
    }
}
