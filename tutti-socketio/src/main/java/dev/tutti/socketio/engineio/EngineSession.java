package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.concurrent.Failures;
import dev.tutti.core.limit.NetworkAddress;
import dev.tutti.edge.flow.ByteBucket;
import dev.tutti.edge.flow.Connections;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.Handle;
import dev.tutti.edge.flow.OutboundBudget;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.engineio.EnginePacket.Binary;
import dev.tutti.protocol.engineio.EnginePacket.Close;
import dev.tutti.protocol.engineio.EnginePacket.Message;
import dev.tutti.protocol.engineio.EnginePacket.Noop;
import dev.tutti.protocol.engineio.EnginePacket.Open;
import dev.tutti.protocol.engineio.EnginePacket.Ping;
import dev.tutti.protocol.engineio.EnginePacket.Pong;
import dev.tutti.protocol.engineio.EnginePacket.Upgrade;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Handshake;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One client, over whichever transport. Confined to the event loop on which it began, for life; only {@link #loop}, {@link
 * #handshake} and {@link #settings} may be called elsewhere.
 */
public final class EngineSession {
    private static final List<EnginePacket> PING = List.of(EnginePacket.PING);

    private final SessionContext context;
    private final EventLoop loop;
    private final String sid;
    private final Handshake handshake;
    private final Connections.Permit permit;
    private final EngineListener listener;
    private EngineTransport transport;
    private final TransportUpgrade upgrade;
    private final PollingRequests requests = new PollingRequests(this);
    private final HeartbeatState heartbeatState;
    private final InboundPauses pauses;
    private boolean known;
    private boolean closed;
    private long closedAt;
    private @Nullable Handle heartbeat;

    /** A session whose transport follows at once, by {@link #open}. */
    EngineSession(SessionContext context, EventLoop loop, String sid, Handshake handshake, Connections.Permit permit) {
        this.context = context;
        this.loop = loop;
        this.sid = sid;
        this.handshake = handshake;
        this.permit = permit;
        this.heartbeatState = new HeartbeatState(context.now());
        this.pauses = new InboundPauses(loop, () -> transport.pause(), this::goOnTaking); // whichever it is by then
        this.transport = new PollingTransport(this);
        this.upgrade = new TransportUpgrade(loop);
        this.listener = context.listeners().apply(this);
    }

    /** The event loop it lives on. */
    public EventLoop loop() {
        return loop;
    }

    /** How the client introduced itself; without an auth payload, which belongs to a layer above. */
    public Handshake handshake() {
        return handshake;
    }

    /** Whether less than the soft bound waits to be sent. */
    public boolean ready() {
        return !closed && transport.ready();
    }

    /** Whether it has ended. */
    public boolean isClosed() {
        return closed;
    }

    /** Sends packets to this client alone. */
    public void send(List<EnginePacket> packets) {
        try (EncodeOnce<List<EnginePacket>> encoded = new EncodeOnce<>(packets)) {
            send(encoded, TransportEncodings.PACKETS, 0, packets.size());
        }
    }

    /**
     * Sends {@code messages} messages of {@code value}, from message {@code from} on, encoded once for all sessions of this
     * loop.
     */
    public <T> void send(EncodeOnce<T> value, TransportEncodings<T> encodings, int from, int messages) {
        if (!closed && messages > 0) {
            transport.send(value, encodings, from, messages);
        }
    }

    /** Takes no more from the client, soon; what is under way still comes. Idempotent. */
    public void pause() {
        if (!closed) {
            pauses.pause();
        }
    }

    /** Takes from the client again. Idempotent. */
    public void resume() {
        pauses.resume();
    }

    /** Takes no more from the client for {@code time}, whatever its listener says. */
    void rest(Duration time) {
        if (!closed) {
            pauses.rest(time);
        }
    }

    private void goOnTaking() {
        if (!closed) {
            heartbeatState.heard(context.now()); // what it said meanwhile has not been read
            transport.resume();
        }
    }

    /**
     * The client has joined a namespace, and may send as much as is allowed from now on.
     *
     * @param account whose connection it is; null if nobody has logged in, and it goes on counting for its address
     * @return false if the account has its share of the connections already
     */
    public boolean known(@Nullable String account) {
        if (account != null && !permit.moveTo(account)) {
            return false;
        }
        known = true;
        transport.known();
        upgrade.known();
        return true;
    }

    /** Holds {@code bytes} of a message until the returned is closed; null if there is not as much left. */
    public @Nullable Handle hold(int bytes) {
        return context.flow().hold(NetworkAddress.holder(handshake.address()), bytes);
    }

    /** Whether it takes from its client now: neither it nor the rate of bytes of its link pauses. */
    public boolean isReading() {
        return !pauses.any() && transport.isReading();
    }

    /** Closes it because the application says so. Idempotent. */
    public void close() {
        shut(DisconnectReason.SERVER, null, "");
    }

    /** Closes it because of an error, which the client is told if its transport can. Idempotent. */
    public void close(DisconnectReason reason, ErrorCode code, String message) {
        shut(reason, code, message);
    }

    EngineSettings settings() {
        return context.settings();
    }

    /** The bytes that wait to be sent on this loop, and those that may. */
    OutboundBudget budget() {
        return context.flow().budget(loop);
    }

    /** Whether the client has joined a namespace. */
    boolean isKnown() {
        return known;
    }

    /** The bytes that its client may send from now on, by polling. */
    ByteBucket bytes() {
        return context.flow().bytes(now());
    }

    /** The monotonic time, in nanoseconds. */
    long now() {
        return context.now();
    }

    /** The requests of its client. */
    PollingRequests requests() {
        return requests;
    }

    /** Its way from polling to WebSocket. */
    TransportUpgrade upgrade() {
        return upgrade;
    }

    /** Its transport, if that is polling. */
    Optional<PollingTransport> polling() {
        return transport instanceof PollingTransport polling ? Optional.of(polling) : Optional.empty();
    }

    String sid() {
        return sid;
    }

    FlowMetrics metrics() {
        return context.flow().metrics();
    }

    CrossLoopWriters writers() {
        return context.writers();
    }

    /** Begins, over WebSocket. */
    void open(WebSocketTransport first) {
        transport = first;
        begin(List.of());
    }

    /** Begins, over polling, by answering {@code request}. */
    void open(EngineRequest request) {
        begin(List.of("websocket"));
        if (transport instanceof PollingTransport polling) {
            requests.open(request, polling);
        }
    }

    private void begin(List<String> upgrades) {
        heartbeat = context.heartbeats().add(loop, this::tick);
        EngineSettings each = settings();
        Open open = Open.of(sid, upgrades, each.pingInterval(), each.pingTimeout(), each.maxPayload());
        send(List.of(open));
    }

    /** Its connection has gone, or it could not begin: what was on its way, if anything, is lost. */
    void lost() {
        end(DisconnectReason.TRANSPORT_CLOSED);
        forget();
    }

    /** A packet that came over {@code from}. */
    void receive(EnginePacket packet, EngineTransport from) {
        if (from instanceof WebSocketTransport candidate && upgrade.isFor(candidate)) {
            upgrade.receive(candidate, packet).ifPresent(this::upgradeTo);
            return;
        }
        if (closed && packet instanceof Upgrade) {
            TransportUpgrade.hangUp(from);
        }
        if (closed || from != transport) {
            return; // it was on its way when the end came
        }
        heartbeatState.heard(context.now());
        switch (packet) {
            case Message(Slice text) -> {
                if (text.length() > settings().maxPayload()) {
                    close(DisconnectReason.LIMIT, ErrorCode.TOO_LARGE, "message too large");
                } else {
                    listener.onText(text);
                }
            }
            case Binary(Slice data) -> listener.onBinary(data);
            case Pong _ -> heartbeatState.answered();
            case Close _ -> closedByClient();
            case Open _, Ping _, Upgrade _, Noop _ ->
                throw new ProtocolException("expected a message, pong or close packet");
        }
    }

    private void upgradeTo(WebSocketTransport candidate) {
        permit.move(Connections.Transport.WEBSOCKET);
        List<EnginePacket> waiting = List.of();
        if (transport instanceof PollingTransport polling) {
            waiting = polling.takePackets();
            polling.retire();
        }
        transport = candidate;
        if (known) {
            transport.known();
        }
        if (pauses.any()) {
            transport.pause();
        }
        if (!waiting.isEmpty()) {
            send(waiting);
        }
        drained();
    }

    /** {@code by} sent what it must not. */
    void violated(ProtocolException refused, EngineTransport by) {
        if (upgrade.isFor(by)) {
            upgrade.cancel(ErrorCode.PROTOCOL_ERROR, refused.getMessage());
        } else if (by == transport) {
            close(DisconnectReason.PROTOCOL_ERROR, ErrorCode.PROTOCOL_ERROR, refused.getMessage());
        }
    }

    /** A WebSocket has ended. */
    void transportClosed(WebSocketTransport gone, DisconnectReason reason) {
        if (upgrade.isFor(gone)) {
            upgrade.cancel(null, "");
        } else if (gone == transport) {
            end(reason);
            forget();
        }
    }

    /** The messages that waited have been sent. */
    void drained() {
        if (!closed && transport.ready()) {
            listener.onDrained();
        }
    }

    /** More waits for a polling client than may. */
    void overflowed() {
        context.flow().metrics().refused(ErrorCode.SLOW_CONSUMER);
        close(DisconnectReason.SLOW_CONSUMER, ErrorCode.SLOW_CONSUMER, "reads too slowly");
    }

    /** Whether it has ended, because its client was silent for too long if it had not before. */
    boolean hasRunOut() {
        if (!closed && isReading() && heartbeatState.hasStopped(context.now(), settings())) {
            close(DisconnectReason.PING_TIMEOUT, ErrorCode.PING_TIMEOUT, "no pong in time");
        }
        return closed;
    }

    /** Looks at what has run out; called by the heartbeat. */
    private void tick() {
        long now = context.now();
        polling().ifPresent(polling -> polling.expire(now));
        if (closed) {
            if (now - closedAt > settings().pingTimeout().toNanos()) {
                forget();
            }
            return;
        }
        upgrade.expire(now, settings().upgradeTimeout());
        if (!isReading()) {
            heartbeatState.heard(now); // we do not listen, so it cannot answer
            heartbeatState.answered();
        }
        if (!hasRunOut() && heartbeatState.beats(now, settings())) {
            send(PING);
        }
        if (!closed) {
            listener.onTick();
        }
    }

    private void closedByClient() {
        end(DisconnectReason.CONNECTION_CLOSED); // first: the transport's end would be the server's
        if (transport instanceof PollingTransport polling) {
            polling.ended();
        } else {
            transport.close(null, "");
        }
        forget();
    }

    private void shut(DisconnectReason reason, @Nullable ErrorCode code, String message) {
        if (closed) {
            return;
        }
        end(reason);
        transport.close(code, message);
        if (reason == DisconnectReason.PING_TIMEOUT
                || !(transport instanceof PollingTransport polling && polling.hasFarewell())) {
            forget();
        }
    }

    private void end(DisconnectReason reason) {
        if (!closed) {
            closed = true;
            closedAt = context.now();
            permit.close();
            Failures.guard("The end of a probe", () -> upgrade.end(reason));
            Failures.guard("The end of a session", () -> listener.onClosed(reason));
        }
    }

    /** Nothing is left to be asked of it. Idempotent. */
    void forget() {
        context.forget().accept(this);
        polling().ifPresent(PollingTransport::forget);
        if (heartbeat != null) {
            heartbeat.close();
        }
    }
}
