package dev.tutti.socketio;

import dev.tutti.socket.Answers;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socketio.cluster.ClusterMessage.Disconnect;
import dev.tutti.socketio.cluster.ClusterMessage.Join;
import dev.tutti.socketio.cluster.ClusterMessage.Leave;
import dev.tutti.socketio.room.Target;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The sockets that an application means, with the operations that it has on them. */
record BroadcastOperator(ServerNamespace namespace, Target who, boolean mayDrop) implements Emitter {
    @Override
    public Emitter to(String room) {
        return new BroadcastOperator(namespace, who.to(room), mayDrop);
    }

    @Override
    public Emitter except(String room) {
        return new BroadcastOperator(namespace, who.except(room), mayDrop);
    }

    @Override
    public Emitter ephemeral() {
        return new BroadcastOperator(namespace, who, true);
    }

    @Override
    public void emit(String event, Object... data) {
        namespace.emit(who, mayDrop, namespace.payloads().body(event, data));
    }

    @Override
    public CompletableFuture<Answers> emitWithAck(Duration timeout, String event, Object... data) {
        return namespace
                .cluster()
                .clusterRequests()
                .call(who, timeout, namespace.payloads().body(event, data));
    }

    @Override
    public CompletableFuture<List<RemoteSocket>> fetchSockets() {
        return namespace.cluster().clusterRequests().fetch(who);
    }

    @Override
    public void join(String room) {
        namespace.cluster().order(new Join(who, room));
    }

    @Override
    public void leave(String room) {
        namespace.cluster().order(new Leave(who, room));
    }

    @Override
    public void disconnect() {
        namespace.cluster().order(new Disconnect(who));
    }
}
