package dev.tutti.socketio.socket;

import dev.tutti.core.Tutti;
import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.socketio.ack.BroadcastAcks;
import dev.tutti.socketio.handler.MessageDispatcher;
import dev.tutti.socketio.wire.Payloads;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The parts and settings that the connections of one server share. Safe for use by many threads.
 *
 * @param settings how they are run
 * @param edge the edge that they come over
 * @param namespaces finds what clients may join, by name
 * @param tutti whose streams and feeds sockets may follow
 * @param payloads what is said, as packets
 * @param dispatcher brings what they say to its handlers
 * @param broadcastAcks the messages to many that sockets shall acknowledge
 * @param ids makes the ids of sockets
 * @param ticker the monotonic time, in nanoseconds
 */
public record ConnectionContext(
        ConnectionSettings settings,
        EdgeParts edge,
        Function<String, @Nullable SocketNamespace> namespaces,
        Tutti tutti,
        Payloads payloads,
        MessageDispatcher dispatcher,
        BroadcastAcks broadcastAcks,
        Supplier<String> ids,
        LongSupplier ticker) {
    FlowMetrics metrics() {
        return edge.flow().metrics();
    }

    /** A new executor that runs the handlers of one connection, in order. */
    Executor worker() {
        return edge.workers().apply("tutti-socket");
    }

    long nanoTime() {
        return ticker.getAsLong();
    }
}
