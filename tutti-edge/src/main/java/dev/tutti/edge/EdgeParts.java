package dev.tutti.edge;

import dev.tutti.core.Tutti;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.FlowControl;
import dev.tutti.edge.flow.Heartbeats;
import dev.tutti.edge.flow.LiveSessions;
import dev.tutti.socket.Authenticator;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * The parts of an edge that its endpoints use.
 *
 * @param tutti the instance
 * @param settings the settings in force
 * @param flow creates outboxes, and counts
 * @param connections admits each connection, or refuses it
 * @param heartbeats calls each connection at the interval of pings
 * @param sessions records the connections of each login
 * @param authenticator identifies clients
 * @param clock the clock by which principals expire
 * @param ticker the monotonic time, in nanoseconds
 * @param workers creates an executor that runs the tasks of one connection in order, by a name for its threads
 */
public record EdgeParts(
        Tutti tutti,
        EdgeSettings settings,
        FlowControl flow,
        Connections connections,
        Heartbeats heartbeats,
        LiveSessions sessions,
        Authenticator authenticator,
        Clock clock,
        LongSupplier ticker,
        Function<String, Executor> workers) {

    /** The same with other workers. */
    public EdgeParts workers(Function<String, Executor> others) {
        return new EdgeParts(
                tutti, settings, flow, connections, heartbeats, sessions, authenticator, clock, ticker, others);
    }
}
