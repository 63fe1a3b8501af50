package dev.tutti.socketio.cluster;

import dev.tutti.cluster.NodeTag;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.wire.Body;
import java.time.Duration;
import java.util.List;

/** A message from one instance's Socket.IO server to those of others. {@link ClusterFrames} writes and reads it. */
public sealed interface ClusterMessage {
    /** Something to be done with sockets, at each instance that has such; the sender does it itself. */
    sealed interface Order extends ClusterMessage {
        /** With which ones. */
        Target who();
    }

    /** Something that each instance answers, with an {@link Answer}. */
    sealed interface Question extends ClusterMessage {
        /** The instance that asks. */
        NodeTag from();

        /** Which of its questions it is. */
        long number();
    }

    /**
     * Send it to them.
     *
     * @param packets messages and binary, encoded by the sender
     */
    record Broadcast(Target who, boolean mayDrop, List<EnginePacket> packets) implements Order {}

    /** Put them into a room. */
    record Join(Target who, String room) implements Order {}

    /** Take them out of a room. */
    record Leave(Target who, String room) implements Order {}

    /** Disconnect them. */
    record Disconnect(Target who) implements Order {}

    /**
     * Disconnect one whose client has come back with another connection, unless it is that one or a later one: this may be
     * heard late.
     *
     * @param claim the number of the connection that it has come back with; those with a lower one are meant
     */
    record DisconnectFormer(Target who, long claim) implements Order {}

    /** Send it to them, and tell what they acknowledged until {@code timeout}: a body for each. */
    record Call(NodeTag from, long number, Duration timeout, Target who, Body body) implements Question {}

    /** Tell who they are: a body for each. */
    record Fetch(NodeTag from, long number, Target who) implements Question {}

    /** The application's handler in {@code namespace} is meant; a body for its reply. */
    record ServerCall(NodeTag from, long number, String namespace, Body body) implements Question {}

    /** As {@link ServerCall}, without an answer. */
    record ServerEvent(String namespace, Body body) implements ClusterMessage {}

    /**
     * An answer.
     *
     * @param number which of the receiver's questions it answers
     * @param complete whether there would not be more if all had gone well
     */
    record Answer(NodeTag from, long number, boolean complete, List<Body> bodies) implements ClusterMessage {}

    /**
     * This instance has a Socket.IO server, so its answers are to be waited for.
     *
     * @param asks whether the receiver shall say so as well
     */
    record Hello(NodeTag from, boolean asks) implements ClusterMessage {}
}
