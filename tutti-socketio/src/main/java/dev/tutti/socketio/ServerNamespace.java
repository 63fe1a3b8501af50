package dev.tutti.socketio;

import dev.tutti.ErrorCode;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.Answers;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.MessageHandler;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.RemoteSocket;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.ClusterMessage.ServerEvent;
import dev.tutti.socketio.engineio.TransportEncodings;
import dev.tutti.stream.Event;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A namespace with its sockets and rooms at this instance. Safe for use by many threads. */
final class ServerNamespace implements Namespace {
    private final String name;
    private final SocketIoServer server;
    private final Rooms rooms;
    private final ServerEvents serverEvents;
    private final Map<String, ServerSocket> sockets = new ConcurrentHashMap<>();
    private final List<Consumer<Socket>> middleware = new CopyOnWriteArrayList<>();
    private final BroadcastOperator everybody;
    private final TransportEncodings<List<Event>> eventForms;
    private volatile TransportEncodings<String> positionForms;
    private volatile @Nullable Recovery recovery;
    private volatile Consumer<Socket> connected = _ -> {};

    ServerNamespace(String name, SocketIoServer server) {
        this.name = name;
        this.server = server;
        this.rooms = new Rooms(name, server.cluster());
        this.serverEvents = new ServerEvents(name, server.payloads());
        this.everybody = new BroadcastOperator(server, Target.all(name), false);
        this.eventForms = new TransportEncodings<>(
                StreamEncodings.socketIoText(name, "event"), StreamEncodings.socketIoPolling(name, "event"));
        this.positionForms = positionForms(false);
    }

    /** Clients that can come back must not take the position of a feed for their offset. */
    private TransportEncodings<String> positionForms(boolean isRecoverable) {
        return new TransportEncodings<>(
                StreamEncodings.socketIoTextPosition(name, isRecoverable),
                StreamEncodings.socketIoPollingPosition(name, isRecoverable));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Namespace use(Consumer<Socket> check) {
        middleware.add(check);
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
            Recovery fresh = new Recovery(server, this, server.tutti());
            fresh.namespaceLog().start();
            recovery = fresh;
            positionForms = positionForms(true);
        }
        return this;
    }

    @Override
    public Collection<Socket> sockets() {
        return List.copyOf(sockets.values());
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
        server.cluster().serverEmit(new ServerEvent(name, server.payloads().body(event, data)));
    }

    @Override
    public CompletableFuture<Answers> serverSideEmitWithAck(Duration timeout, String event, Object... data) {
        return server.cluster()
                .clusterRequests()
                .serverCall(name, timeout, server.payloads().body(event, data));
    }

    /** Runs the checks, in order; what one throws refuses the socket. */
    void check(ServerSocket socket) {
        middleware.forEach(check -> check.accept(socket));
    }

    /** Calls the application. */
    void connected(ServerSocket socket) {
        connected.accept(socket);
    }

    /** Adds a socket. */
    Rooms.Membership enter(ServerSocket socket) {
        sockets.put(socket.id(), socket);
        return rooms.enter(socket);
    }

    /** Takes one out again. */
    void exit(ServerSocket socket, Rooms.Membership membership) {
        sockets.remove(socket.id(), socket); // one that came back has the same id
        rooms.exit(membership);
    }

    Rooms rooms() {
        return rooms;
    }

    /** How clients come back; null if they do not. */
    @Nullable
    Recovery recovery() {
        return recovery;
    }

    /** {@code packets} of one message as they are sent here and now, to be called before the event loops are told. */
    List<EnginePacket> stamped(List<EnginePacket> packets) {
        Recovery known = recovery;
        return known == null
                ? packets
                : Offset.stamp(packets, known.namespaceLog().passed());
    }

    /** Closes all connections here, so that their clients begin anew. */
    void abandon(String why) {
        sockets.values().forEach(socket -> socket.fail(ErrorCode.UNAVAILABLE, why));
    }

    /** Whether there is a socket of this id, or one in this room. */
    boolean hasHere(String room) {
        return sockets.containsKey(room) || !rooms.in(room).isEmpty();
    }

    /** What the other instances' applications say. */
    ServerEvents serverEvents() {
        return serverEvents;
    }

    @Nullable
    ServerSocket socket(String id) {
        return sockets.get(id);
    }

    SocketIoServer server() {
        return server;
    }

    /** How events of streams go to sockets here. */
    TransportEncodings<List<Event>> eventForms() {
        return eventForms;
    }

    /** How positions of feeds do. */
    TransportEncodings<String> positionForms() {
        return positionForms;
    }
}
