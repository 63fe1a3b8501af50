package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.StreamEncodings;
import dev.tutti.edge.flow.WireError;
import dev.tutti.feed.FeedKey;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Emitter;
import dev.tutti.socket.Handshake;
import dev.tutti.socket.MessageHandler;
import dev.tutti.socket.Namespace;
import dev.tutti.socket.Principal;
import dev.tutti.socket.Socket;
import dev.tutti.socketio.handler.Handlers;
import dev.tutti.socketio.room.SocketOutbox;
import dev.tutti.socketio.room.SocketRooms;
import dev.tutti.stream.Entitlements;
import dev.tutti.stream.StreamName;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One client in one namespace. Its lock guards whether it is connected, and what the application set; the rest
 * belongs to its connection's event loop. Parts that most sockets never need are made when they are first needed.
 */
final class ServerSocket implements EnteringSocket {
    private enum State {
        CONNECTING,
        CONNECTED,
        CLOSED
    }

    private volatile String id;
    private final ConnectionContext context;
    private final SocketNamespace namespace;
    private final SocketIoConnection connection;
    private final SocketLogin login;
    private final Handlers handlers = new Handlers();
    private final SocketRooms rooms;
    private final SocketState socketState;
    private final SocketOutbox outbox;
    private final SocketCalls calls;
    private volatile Handshake handshake;
    private volatile State state = State.CONNECTING;
    private volatile boolean recovered;
    private volatile boolean admitted;
    private volatile @Nullable SocketStreams streams;
    private long round;

    /** A new one of {@code connection}, which wants to be in {@code namespace}. */
    ServerSocket(ConnectionContext context, SocketNamespace namespace, SocketIoConnection connection) {
        this.id = context.ids().get();
        this.context = context;
        this.namespace = namespace;
        this.connection = connection;
        this.handshake = connection.session().handshake();
        this.login = new SocketLogin(id, context.edge().sessions(), this::disconnect);
        this.outbox = new SocketOutbox(connection.session(), this::isConnected, context.metrics());
        this.calls = new SocketCalls(this, context, connection.session());
        this.rooms = new SocketRooms(this, namespace.rooms());
        this.socketState = namespace.state(this, rooms);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public Namespace namespace() {
        return namespace;
    }

    @Override
    public Handshake handshake() {
        return handshake;
    }

    @Override
    public Principal principal() {
        return login.principal();
    }

    @Override
    public void authenticated(Principal who) {
        login.authenticated(who);
    }

    @Override
    public boolean recovered() {
        return recovered;
    }

    @Override
    public ConcurrentMap<String, Object> data() {
        return socketState.data();
    }

    @Override
    public Socket on(String event, MessageHandler handler) {
        handlers.on(event, handler);
        return this;
    }

    @Override
    public Socket onDisconnect(Consumer<DisconnectReason> handler) {
        handlers.onDisconnect(handler);
        return this;
    }

    @Override
    public void join(String room) {
        if (!socketState.join(room)) {
            throw new TuttiException(ErrorCode.LIMIT_REACHED, "a socket may be in " + SocketRooms.MOST + " rooms");
        }
    }

    @Override
    public void leave(String room) {
        socketState.leave(room);
    }

    @Override
    public void joinLater(String room) {
        change(() -> socketState.join(room));
    }

    @Override
    public void leaveLater(String room) {
        change(() -> socketState.leave(room));
    }

    private void change(Runnable change) {
        if (socketState.areKept()) {
            connection.handlers().add(change, 0);
        } else {
            change.run();
        }
    }

    @Override
    public Set<String> rooms() {
        Set<String> all = rooms.names();
        all.add(id);
        return all;
    }

    @Override
    public void emit(String event, Object... data) {
        if (socketState.areKept()) {
            namespace.to(id).emit(event, data);
        } else {
            outbox.deliverLater(packets(event, data));
        }
    }

    @Override
    public void emitEphemeral(String event, Object... data) {
        outbox.offerLater(packets(event, data));
    }

    private List<EnginePacket> packets(String event, Object... data) {
        return namespace.stamped(context.payloads().event(namespace.name(), event, data));
    }

    @Override
    public CompletableFuture<List<@Nullable Object>> emitWithAck(Duration timeout, String event, Object... data) {
        return calls.emit(timeout, event, data);
    }

    @Override
    public Emitter to(String room) {
        return namespace.to(room).except(id);
    }

    @Override
    public Emitter broadcast() {
        return namespace.except(id);
    }

    @Override
    public void subscribe(StreamName stream, long after) {
        streams().subscribe(stream, after);
    }

    @Override
    public void unsubscribe(StreamName stream) {
        SocketStreams following = streams;
        if (following != null) {
            following.unsubscribe(stream);
        }
    }

    @Override
    public long subscribe(FeedKey key, long known) {
        return streams().feeds().subscribe(key, known);
    }

    @Override
    public void unsubscribe(FeedKey key) {
        streams().feeds().unsubscribe(key);
    }

    @Override
    public void follow(Entitlements entitlements, @Nullable String token) {
        streams().follow(entitlements, token);
    }

    @Override
    public void disconnect() {
        EventLoops.later(loop(), this::disconnectHere);
    }

    private synchronized SocketStreams streams() {
        SocketStreams following = streams;
        if (following == null) {
            // without an offset: what the namespace has passed on by then may not have been given to this client yet
            following = new SocketStreams(
                    this,
                    namespace,
                    context.tutti(),
                    gap -> context.payloads().event(namespace.name(), "gap", StreamEncodings.fields(gap)));
            if (state == State.CLOSED) {
                following.close();
            }
            streams = following;
        }
        return following;
    }

    @Override
    public EventLoop loop() {
        return connection.session().loop();
    }

    @Override
    public SocketOutbox outbox() {
        return outbox;
    }

    @Override
    public boolean meet(long current) {
        boolean first = round != current;
        round = current;
        return first;
    }

    /** The login of its client. */
    SocketLogin login() {
        return login;
    }

    @Override
    public boolean isConnected() {
        return state == State.CONNECTED;
    }

    /** Whether its client has been let in, also if it has left since. */
    boolean wasAdmitted() {
        return admitted;
    }

    /** Lets the client in, or not, on a virtual thread. */
    void connect(Slice payload) {
        if (state == State.CLOSED) {
            return; // the client did not wait
        }
        try {
            Handshake first = handshake;
            handshake = new Handshake(
                    first.address(),
                    first.headers(),
                    first.query(),
                    context.payloads().object(payload));
            namespace.runMiddlewares(this);
            if (!socketState.admit()) {
                return;
            }
        } catch (ProtocolException broken) {
            throw broken;
        } catch (Throwable failure) { // an application's code throws anything
            TuttiException told = WireError.tellable(failure);
            outbox.later(() -> connection.refuse(this, told));
            return;
        }
        try {
            namespace.connected(this);
        } catch (Throwable failure) { // without its handlers the client would stay, and be answered nothing
            admitted = false;
            if (!recovered) {
                socketState.ended(DisconnectReason.SERVER); // it must not come back as one that was set up
            }
            Failures.note("Telling the application of a client, which is disconnected to come back,", failure);
            ErrorCode code = failure instanceof TuttiException known ? known.code() : ErrorCode.INTERNAL;
            outbox.fail(code, "the connection could not be set up");
        }
    }

    @Override
    public void resume(String former) {
        login.resume(id, former);
        id = former;
        recovered = true;
        outbox.hold();
    }

    @Override
    public synchronized boolean enter(String secret, List<List<EnginePacket>> missed) {
        if (state == State.CLOSED) {
            return false;
        }
        state = State.CONNECTED;
        admitted = true;
        rooms.enter();
        outbox.later(() -> connection.accept(this, secret, missed));
        return true;
    }

    /** Handles a message, on a virtual thread. */
    void handle(Assembled assembled, long call) {
        if (admitted) {
            context.dispatcher().dispatch(assembled, namespace.answersUnknown(), call, handlers, calls::acknowledge);
        }
    }

    /** Its messages that are acknowledged, in both directions. */
    SocketCalls calls() {
        return calls;
    }

    @Override
    public void disconnectFormer(long claim) {
        if (state != State.CLOSED && socketState.claim() < claim) {
            connection.leave(this, DisconnectReason.SERVER);
        }
    }

    /** The messages that waited have been sent; on the loop. */
    void drained() {
        SocketStreams following = streams;
        if (following != null) {
            following.resume();
        }
    }

    /** It has ended; on the loop, once. */
    void ended(DisconnectReason reason) {
        boolean known;
        synchronized (this) {
            known = state == State.CONNECTED;
            state = State.CLOSED;
        }
        giveBack(login::close);
        giveBack(rooms::close);
        giveBack(() -> socketState.ended(reason));
        SocketStreams following = streams;
        if (following != null) {
            giveBack(following::close);
        }
        giveBack(calls::close);
        giveBack(() -> context.broadcastAcks().gone(this));
        if (known) {
            giveBack(() -> connection.handlers().add(() -> handlers.disconnected(reason), 0));
        }
    }

    /** Does one step of the end; whatever it throws, the others follow. */
    private static void giveBack(Runnable step) {
        Failures.guard("The end of a socket", step);
    }
}
