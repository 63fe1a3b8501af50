package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.edge.flow.ByteBucket;
import dev.tutti.edge.flow.InboundLimit;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineEncoder;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one session's client, as long as it polls: those that do not fit the state of the session are refused.
 * Confined to the session's loop.
 */
final class PollingRequests {
    private final EngineSession session;
    private long sent; // by a client that is not known, as a WebSocket's would count
    private @Nullable ByteBucket bucket; // once the client is known
    private String opened = "";
    private String polled = "";
    private String posted = "";

    PollingRequests(EngineSession session) {
        this.session = session;
    }

    /** The session's loop; safe for use by many threads. */
    EventLoop loop() {
        return session.loop();
    }

    /** The request that opens the session; {@code polling} answers it. */
    void open(EngineRequest request, PollingTransport polling) {
        opened = request.id();
        polling.poll(request, false);
    }

    /** A GET. */
    void poll(EngineRequest request) {
        Optional<PollingTransport> polling = session.polling();
        String previous = polled;
        polled = request.id();
        if (polling.isEmpty()) {
            request.refuse(Refusal.BAD_REQUEST);
        } else if (isRepeated(request, previous)) {
            refuseRepeated(request, polling.get());
        } else if (session.isClosed()) {
            polling.get().poll(request, isIdentified(request)); // the farewell
            if (!polling.get().hasFarewell()) {
                session.forget();
            }
        } else if (session.hasRunOut()) {
            request.refuse(Refusal.SESSION_UNKNOWN);
        } else {
            polling.get().poll(request, isIdentified(request));
        }
    }

    /** Whether a request has come once more, because somebody on the way, a balancer or a browser, saw no answer to it. */
    private boolean isRepeated(EngineRequest request, String previous) {
        return isIdentified(request) && request.id().equals(previous);
    }

    /** Whether its id is its own: clients give all of them the same that give it that of the one which opened the session. */
    private boolean isIdentified(EngineRequest request) {
        return !request.id().isEmpty() && !request.id().equals(opened);
    }

    /** The outcome of the answer to the first is not known, so the client has to begin anew. */
    private static void refuseRepeated(EngineRequest request, PollingTransport polling) {
        polling.lost();
        request.refuse(Refusal.SESSION_UNKNOWN);
    }

    /** The holder of the client's connection cannot wait for the answer to {@code request}. */
    void hurry(EngineRequest request) {
        session.polling().ifPresent(polling -> polling.hurry(request));
    }

    /** A POST has begun; whether it may bring packets. */
    boolean mayPost(EngineRequest request) {
        Optional<PollingTransport> polling = session.polling();
        if (session.isClosed() || polling.isEmpty()) {
            request.refuse(Refusal.BAD_REQUEST);
            return false;
        }
        if (session.hasRunOut()) {
            request.refuse(Refusal.SESSION_UNKNOWN);
            return false;
        }
        if (isRepeated(request, posted)) {
            refuseRepeated(request, polling.get());
            return false;
        }
        posted = request.id();
        return polling.get().mayPost(request);
    }

    /** The body of a POST has come. */
    void post(EngineRequest request, Slice body) {
        Optional<PollingTransport> polling = session.polling();
        if (session.isClosed() || polling.isEmpty()) {
            request.refuse(Refusal.BAD_REQUEST);
            return;
        }
        session.metrics().received(body.length());
        if (!charge(body.length() + (long) InboundLimit.FRAME_BYTES * packets(body))) {
            session.close(DisconnectReason.LIMIT, ErrorCode.TOO_LARGE, "too much came before a namespace was joined");
            request.refuse(Refusal.BAD_REQUEST);
            return;
        }
        polling.get().post(request, body);
    }

    /** Charges {@code bytes}, and lets the answer to what brought them wait if need be; false if nobody is known who may send them. */
    private boolean charge(long bytes) {
        if (!session.isKnown()) {
            sent += bytes;
            return sent <= InboundLimit.STRANGER_BYTES;
        }
        ByteBucket charged = bucket;
        if (charged == null) {
            charged = session.bytes();
            bucket = charged;
        }
        Duration rest = charged.charge(bytes, session.now());
        if (rest.isPositive()) {
            session.metrics().refused(ErrorCode.RATE_LIMITED);
            session.rest(rest);
        }
        return true;
    }

    /** How many packets are in {@code body}; of too many, as many as may be. */
    private int packets(Slice body) {
        int most = session.settings().maxPackets();
        int packets = 1;
        int at = body.indexOf(EngineEncoder.SEPARATOR, 0);
        while (at >= 0 && packets < most) {
            packets++;
            at = body.indexOf(EngineEncoder.SEPARATOR, at + 1);
        }
        return packets;
    }

    /** A POST is over, whether it brought something or not. */
    void postEnded(EngineRequest request, boolean tooLarge) {
        session.polling().ifPresent(polling -> polling.postEnded(request, tooLarge));
    }

    /** The largest body of a POST now, in bytes. */
    int maxBody() {
        int most = session.settings().maxPayload();
        return session.isKnown() ? most : Math.min(InboundLimit.STRANGER_BYTES, most);
    }

    /** A WebSocket wants to become the transport; refused if it cannot, otherwise its handshake may be answered. */
    Optional<Probe> probe(EngineRequest request) {
        if (session.hasRunOut()) {
            request.refuse(Refusal.SESSION_UNKNOWN);
            return Optional.empty();
        }
        Optional<Probe> begun =
                session.polling().flatMap(polling -> session.upgrade().begin(polling, session.now()));
        if (begun.isEmpty()) {
            request.refuse(Refusal.BAD_REQUEST);
        }
        return begun;
    }
}
