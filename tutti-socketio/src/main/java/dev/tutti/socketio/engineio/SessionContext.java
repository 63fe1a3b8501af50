package dev.tutti.socketio.engineio;

import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.Heartbeats;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The parts and settings that the sessions of one server share.
 *
 * @param settings how they are run
 * @param flow what they may hold, and how it is counted
 * @param clock a monotonic one, in nanoseconds
 * @param heartbeats what looks at them regularly
 * @param writers the ways from their event loops to those of their WebSockets
 * @param listeners who uses a new session
 * @param forget called on a session's loop when there is nothing left to be asked of it; perhaps more than once
 */
record SessionContext(
        EngineSettings settings,
        FlowControl flow,
        LongSupplier clock,
        Heartbeats heartbeats,
        CrossLoopWriters writers,
        Function<EngineSession, EngineListener> listeners,
        Consumer<EngineSession> forget) {
    /** The monotonic time, in nanoseconds. */
    long now() {
        return clock.getAsLong();
    }
}
