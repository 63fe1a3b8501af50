package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.concurrent.Failures;
import dev.tutti.edge.flow.EventLoops;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.WireError;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.protocol.socketio.SocketPacket.Ack;
import dev.tutti.protocol.socketio.SocketPacket.BinaryAck;
import dev.tutti.protocol.socketio.SocketPacket.BinaryEvent;
import dev.tutti.protocol.socketio.SocketPacket.Connect;
import dev.tutti.protocol.socketio.SocketPacket.ConnectError;
import dev.tutti.protocol.socketio.SocketPacket.Disconnect;
import dev.tutti.protocol.socketio.SocketPacket.Event;
import dev.tutti.socket.ConnectRefusedException;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.engineio.EngineListener;
import dev.tutti.socketio.engineio.EngineSession;
import dev.tutti.socketio.handler.HandlerQueue;
import dev.tutti.socketio.wire.EventNames;
import dev.tutti.socketio.wire.Payloads;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One client with its sockets, one per namespace. Lives on its session's event loop; handlers run on virtual threads, in
 * order, by its {@link HandlerQueue}.
 */
public final class SocketIoConnection implements EngineListener {
    private static final int MAX_NAMESPACES = 64;
    private static final Duration SHORTEST_HOLD = Duration.ofSeconds(1);
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(5);

    private final ConnectionContext context;
    private final EngineSession session;
    private final InboundAssembler assembler;
    private final MessageRateLimiter rateLimiter;
    private final HandlerQueue handlers;
    private Map<String, ServerSocket> sockets = Map.of(); // replaced when it changes; nearly always one
    private long aloneSince;
    private boolean hasLeft;

    /** The connection of the client of {@code session}. */
    public SocketIoConnection(ConnectionContext context, EngineSession session) {
        ConnectionSettings settings = context.settings();
        this.context = context;
        this.session = session;
        this.assembler = new InboundAssembler(session, settings, context.ticker());
        this.rateLimiter = new MessageRateLimiter(settings.rate(), session.loop(), context.ticker(), this::readOrNot);
        this.handlers = new HandlerQueue(
                context.worker(),
                settings.maxWaiting(),
                settings.maxPayload(),
                () -> EventLoops.later(session.loop(), this::readOrNot));
        this.aloneSince = context.nanoTime();
    }

    EngineSession session() {
        return session;
    }

    HandlerQueue handlers() {
        return handlers;
    }

    @Override
    public void onText(Slice text) {
        assembler.text(text).ifPresent(this::receive);
    }

    @Override
    public void onBinary(Slice bytes) {
        assembler.binary(bytes).ifPresent(this::receive);
    }

    private void receive(Assembled assembled) {
        SocketPacket packet = assembled.packet();
        switch (packet) {
            case Connect connect -> connect(connect);
            case Disconnect _ -> {
                charge();
                @Nullable ServerSocket socket = find(packet);
                if (socket != null) {
                    remove(socket, DisconnectReason.CLIENT);
                }
            }
            case Event event -> received(assembled, event.id());
            case BinaryEvent event -> received(assembled, event.id());
            case Ack ack -> acknowledged(assembled, ack.id());
            case BinaryAck ack -> acknowledged(assembled, ack.id());
            case ConnectError _ -> throw new ProtocolException("expected no connect error from a client");
        }
    }

    private void connect(Connect connect) {
        charge();
        String name = connect.namespace();
        @Nullable SocketNamespace namespace = context.namespaces().apply(name);
        @Nullable ServerSocket before = sockets.get(name);
        if (namespace == null) {
            session.send(Payloads.packet(new ConnectError(name, Slice.of("{\"message\":\"Invalid namespace\"}"))));
            return;
        }
        if (before != null) {
            remove(before, DisconnectReason.CLIENT); // clients that leave before they were let in do not say so
        } else if (sockets.size() == MAX_NAMESPACES) {
            refuse(
                    name,
                    new TuttiException(
                            ErrorCode.LIMIT_REACHED, "a client may be in " + MAX_NAMESPACES + " namespaces"));
            return;
        }
        ServerSocket socket = new ServerSocket(context, namespace, this);
        Map<String, ServerSocket> more = new HashMap<>(sockets);
        more.put(name, socket);
        sockets = Map.copyOf(more);
        work(() -> socket.connect(connect.payload()), connect.payload().length());
    }

    /** The client is in. */
    void accept(ServerSocket socket, String secret, List<List<EnginePacket>> missed) {
        if (socket.isConnected() && !session.known(socket.login().account(socket.id()))) {
            session.close(
                    DisconnectReason.LIMIT,
                    ErrorCode.LIMIT_REACHED,
                    "this account has its share of this instance's connections");
        } else if (socket.isConnected()) {
            Map<String, Object> told =
                    secret.isEmpty() ? Map.of("sid", socket.id()) : Map.of("sid", socket.id(), "pid", secret);
            // clients hold back what comes before the answer, and have it when they are told that they are connected
            missed.forEach(session::send);
            session.send(Payloads.packet(
                    new Connect(socket.namespace().name(), context.payloads().plain(told))));
            socket.outbox().open();
            socket.drained(); // what was subscribed to before now has not begun
        }
    }

    /** The client is not let in. */
    void refuse(ServerSocket socket, TuttiException failure) {
        if (remove(socket, DisconnectReason.SERVER)) {
            if (failure.code().retry() == ErrorCode.Retry.NEVER) {
                refuse(socket.namespace().name(), failure);
            } else {
                breakOff(failure);
            }
        }
    }

    private void refuse(String namespace, TuttiException failure) {
        context.metrics().refused(failure.code());
        session.send(Payloads.packet(new ConnectError(namespace, told(failure))));
    }

    private Slice told(TuttiException failure) {
        try {
            return context.payloads().plain(refusal(failure));
        } catch (TuttiException unwritable) { // the application's data
            return context.payloads().plain(refusal(WireError.tellable(unwritable)));
        }
    }

    /** {@code {"message","data"}}: the payload of a {@link ConnectError}. */
    private static Map<String, Object> refusal(TuttiException failure) {
        Map<String, Object> told = new LinkedHashMap<>();
        told.put("message", String.valueOf(failure.getMessage()));
        @Nullable
        Object data = failure instanceof ConnectRefusedException refused ? refused.data() : WireError.fields(failure);
        if (data != null) {
            told.put("data", data);
        }
        return told;
    }

    /**
     * Closes the transport because of a failure that passes. The official clients take a CONNECT_ERROR for final; a connection
     * that breaks they open again, after a pause of about a second that never grows, so the connection is held for as long first.
     */
    private void breakOff(TuttiException passing) {
        Duration least = passing.code().retry() == ErrorCode.Retry.AT_ONCE ? Duration.ZERO : SHORTEST_HOLD;
        Duration wanted = passing.retryAfter().orElse(least);
        Duration hold = wanted.compareTo(LONGEST_HOLD) < 0 ? wanted : LONGEST_HOLD;
        var _ = session.loop()
                .schedule(
                        () -> session.close(
                                DisconnectReason.TRANSPORT_CLOSED,
                                passing.code(),
                                String.valueOf(passing.getMessage())),
                        hold.toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void received(Assembled assembled, long call) {
        charge();
        @Nullable ServerSocket socket = find(assembled.packet());
        if (socket != null) {
            work(() -> socket.handle(assembled, call), size(assembled));
        }
    }

    /** Counts a packet that makes work, and stops reading at the first of too many. */
    private void charge() {
        if (!rateLimiter.received()) {
            context.metrics().refused(ErrorCode.RATE_LIMITED);
            readOrNot();
        }
    }

    private void acknowledged(Assembled assembled, long call) {
        @Nullable ServerSocket socket = find(assembled.packet());
        if (socket != null) {
            socket.calls().answered(call, assembled);
        }
    }

    /** The socket that a packet is for; null if the client could not know yet that it is gone. */
    private @Nullable ServerSocket find(SocketPacket packet) {
        @Nullable ServerSocket socket = sockets.get(packet.namespace());
        // what comes before the answer to a second CONNECT was sent by a client that knows of the first one's
        if (socket != null && (socket.isConnected() || hasLeft || packet instanceof Disconnect)) {
            return socket;
        }
        if (hasLeft && socket == null) {
            return null;
        }
        throw new ProtocolException("expected a packet for a namespace that was joined");
    }

    private void work(Runnable task, int bytes) {
        @Nullable Handle held = session.hold(bytes);
        if (held == null) {
            session.close(DisconnectReason.LIMIT, ErrorCode.OVERLOADED, "too much is being worked on at a time");
            return;
        }
        boolean room;
        try {
            room = handlers.add(() -> run(task, held), bytes);
        } catch (Throwable notTaken) {
            held.close();
            Failures.note("The task of a connection", notTaken);
            session.close(DisconnectReason.SERVER, ErrorCode.INTERNAL, "internal error");
            return;
        }
        if (!room) {
            readOrNot();
        }
    }

    private void run(Runnable task, Handle held) {
        try (held) {
            task.run();
        } catch (ProtocolException refused) {
            EventLoops.later(
                    session.loop(),
                    () -> session.close(
                            DisconnectReason.PROTOCOL_ERROR, ErrorCode.PROTOCOL_ERROR, refused.getMessage()));
        }
    }

    /** Reads from the client, or not: it does not matter which of the two reasons not to has come or gone. */
    private void readOrNot() {
        if (rateLimiter.isOn() || handlers.isFull()) {
            session.pause();
        } else {
            session.resume();
        }
    }

    /** Tells the client that it is out of the socket's namespace. */
    void leave(ServerSocket socket, DisconnectReason reason) {
        if (remove(socket, reason)) {
            session.send(Payloads.packet(new Disconnect(socket.namespace().name())));
        }
    }

    private boolean remove(ServerSocket socket, DisconnectReason reason) {
        String name = socket.namespace().name();
        if (!socket.equals(sockets.get(name))) {
            return false;
        }
        Map<String, ServerSocket> fewer = new HashMap<>(sockets);
        fewer.remove(name);
        sockets = Map.copyOf(fewer);
        hasLeft = true;
        if (socket.wasAdmitted()) { // otherwise clients refused again and again would stay
            aloneSince = context.nanoTime();
        }
        socket.ended(reason);
        return true;
    }

    @Override
    public void onDrained() {
        sockets.values().forEach(ServerSocket::drained);
    }

    @Override
    public void onTick() {
        assembler.expire();
        if (sockets.isEmpty()) {
            if (context.nanoTime() - aloneSince
                    > context.settings().connectTimeout().toNanos()) {
                session.close();
            }
            return;
        }
        long now = context.edge().clock().millis();
        for (ServerSocket socket : sockets.values()) {
            if (socket.login().hasExpired(now)) {
                expire(socket);
            }
        }
    }

    private void expire(ServerSocket socket) {
        TuttiException expired = new TuttiException(ErrorCode.TOKEN_EXPIRED, "the access token has run out");
        context.metrics().refused(ErrorCode.TOKEN_EXPIRED);
        session.send(
                context.payloads().event(socket.namespace().name(), EventNames.EXPIRED, WireError.fields(expired)));
        leave(socket, DisconnectReason.EXPIRED);
    }

    @Override
    public void onClosed(DisconnectReason reason) {
        List<ServerSocket> all = List.copyOf(sockets.values());
        sockets = Map.of();
        assembler.end();
        all.forEach(socket -> socket.ended(reason));
    }

    private static int size(Assembled assembled) {
        int bytes = assembled.packet().payload().length();
        for (Slice attachment : assembled.attachments()) {
            bytes += attachment.length();
        }
        return bytes;
    }
}
