package dev.tutti.socketio;

import dev.tutti.core.Tutti;
import dev.tutti.feed.FeedState;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socket.Answers;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.MessageHandler;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.cluster.ClusterAdapter;
import dev.tutti.socketio.cluster.ClusterMessage.Broadcast;
import dev.tutti.socketio.cluster.ClusterMessage.DisconnectFormer;
import dev.tutti.socketio.cluster.ClusterMessage.ServerEvent;
import dev.tutti.socketio.cluster.LocalNamespace;
import dev.tutti.socketio.cluster.ServerEvents;
import dev.tutti.socketio.engineio.TransportEncodings;
import dev.tutti.socketio.recovery.RecoverableState;
import dev.tutti.socketio.recovery.Recovery;
import dev.tutti.socketio.room.Rooms;
import dev.tutti.socketio.room.SocketRooms;
import dev.tutti.socketio.room.Target;
import dev.tutti.socketio.socket.EnteringSocket;
import dev.tutti.socketio.socket.SocketNamespace;
import dev.tutti.socketio.socket.SocketState;
import dev.tutti.socketio.socket.TransientState;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.NamespaceEncodings;
import dev.tutti.socketio.wire.Offset;
import dev.tutti.socketio.wire.Payloads;
import dev.tutti.stream.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** A namespace with its sockets and rooms at this instance. Safe for use by many threads. */
final class ServerNamespace implements SocketNamespace, LocalNamespace {
    private final String name;
    private final ClusterAdapter cluster;
    private final Payloads payloads;
    private final Tutti tutti;
    private final IntSupplier mostMissed;
    private final Rooms rooms;
    private final ServerEvents serverEvents;
    private final List<Consumer<Socket>> middlewares = new CopyOnWriteArrayList<>();
    private final BroadcastOperator everybody;
    private final TransportEncodings<List<Event>> eventEncodings;
    private final TransportEncodings<FeedState> feedEncodings;
    private volatile TransportEncodings<String> positionEncodings;
    private volatile @Nullable Recovery recovery;
    private volatile Consumer<Socket> connected = _ -> {};
    private volatile boolean answersUnknown;

    /** The namespace {@code name}; {@code mostMissed} as of {@link Recovery}. */
    ServerNamespace(String name, ClusterAdapter cluster, Payloads payloads, Tutti tutti, IntSupplier mostMissed) {
        this.name = name;
        this.cluster = cluster;
        this.payloads = payloads;
        this.tutti = tutti;
        this.mostMissed = mostMissed;
        this.rooms = new Rooms(name, cluster);
        this.serverEvents = new ServerEvents(name, payloads);
        this.everybody = new BroadcastOperator(this, Target.all(name), false);
        this.eventEncodings = NamespaceEncodings.events(name);
        this.feedEncodings = NamespaceEncodings.feeds(name);
        this.positionEncodings = NamespaceEncodings.positions(name, false);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Namespace use(Consumer<Socket> middleware) {
        middlewares.add(middleware);
        return this;
    }

    @Override
    public synchronized Namespace onConnection(Consumer<Socket> handler) {
        connected = connected.andThen(handler);
        return this;
    }

    @Override
    public synchronized Namespace recoverable() {
        if (recovery == null) {
            Recovery fresh = new Recovery(
                    rooms,
                    tutti,
                    mostMissed,
                    (id, claim) ->
                            cluster.order(new DisconnectFormer(Target.all(name).to(id), claim)));
            fresh.namespaceLog().start();
            recovery = fresh;
            positionEncodings = NamespaceEncodings.positions(name, true);
        }
        return this;
    }

    @Override
    public Namespace answerUnknown() {
        answersUnknown = true;
        return this;
    }

    @Override
    public boolean answersUnknown() {
        return answersUnknown;
    }

    @Override
    public Collection<Socket> sockets() {
        return List.copyOf(rooms.sockets());
    }

    @Override
    public Emitter to(String room) {
        return everybody.to(room);
    }

    @Override
    public Emitter except(String room) {
        return everybody.except(room);
    }

    @Override
    public Emitter ephemeral() {
        return everybody.ephemeral();
    }

    @Override
    public void emit(String event, Object... data) {
        everybody.emit(event, data);
    }

    @Override
    public CompletableFuture<Answers> emitWithAck(Duration timeout, String event, Object... data) {
        return everybody.emitWithAck(timeout, event, data);
    }

    @Override
    public CompletableFuture<List<RemoteSocket>> fetchSockets() {
        return everybody.fetchSockets();
    }

    @Override
    public void join(String room) {
        everybody.join(room);
    }

    @Override
    public void leave(String room) {
        everybody.leave(room);
    }

    @Override
    public void disconnect() {
        everybody.disconnect();
    }

    @Override
    public Namespace onServerEvent(String event, MessageHandler handler) {
        serverEvents.on(event, handler);
        return this;
    }

    @Override
    public void serverSideEmit(String event, Object... data) {
        cluster.serverEmit(new ServerEvent(name, payloads.body(event, data)));
    }

    @Override
    public CompletableFuture<Answers> serverSideEmitWithAck(Duration timeout, String event, Object... data) {
        return cluster.clusterRequests().serverCall(name, timeout, payloads.body(event, data));
    }

    @Override
    public SocketState state(EnteringSocket socket, SocketRooms inRooms) {
        Recovery known = recovery;
        return known == null ? new TransientState(socket, inRooms) : new RecoverableState(socket, inRooms, known);
    }

    @Override
    public void runMiddlewares(Socket socket) {
        middlewares.forEach(middleware -> middleware.accept(socket));
    }

    @Override
    public void connected(Socket socket) {
        connected.accept(socket);
    }

    /** Sends {@code body} to those meant, wherever they are; blocks if this is recoverable, unless it may be dropped. */
    void emit(Target who, boolean mayDrop, Body body) {
        Recovery known = mayDrop ? null : recovery;
        if (known != null) {
            known.namespaceLog().append(who, body);
        } else {
            cluster.order(new Broadcast(who, mayDrop, Payloads.event(name, SocketPacket.NO_ID, body)));
        }
    }

    ClusterAdapter cluster() {
        return cluster;
    }

    Payloads payloads() {
        return payloads;
    }

    @Override
    public Rooms rooms() {
        return rooms;
    }

    @Override
    public boolean isRecoverable() {
        return recovery != null;
    }

    /** How clients come back; null if they do not. */
    @Nullable
    Recovery recovery() {
        return recovery;
    }

    @Override
    public List<EnginePacket> stamped(List<EnginePacket> packets) {
        Recovery known = recovery;
        return known == null
                ? packets
                : Offset.stamp(packets, known.namespaceLog().passed());
    }

    @Override
    public ServerEvents serverEvents() {
        return serverEvents;
    }

    @Override
    public TransportEncodings<List<Event>> eventEncodings() {
        return eventEncodings;
    }

    @Override
    public TransportEncodings<FeedState> feedEncodings() {
        return feedEncodings;
    }

    @Override
    public TransportEncodings<String> positionEncodings() {
        return positionEncodings;
    }
}
