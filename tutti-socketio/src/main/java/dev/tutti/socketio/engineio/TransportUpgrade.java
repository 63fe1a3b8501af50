package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.DisconnectReason;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The upgrade of one session from polling to WebSocket: of the WebSockets that want to become its transport, one is tried at
 * a time. Confined to the session's loop. Engine.IO, "Upgrade".
 */
final class TransportUpgrade {
    private static final Duration LAST_UPGRADE = Duration.ofSeconds(2);

    private final EventLoop loop;
    private @Nullable Probe probe;
    private boolean known;

    TransportUpgrade(EventLoop loop) {
        this.loop = loop;
    }

    /** A WebSocket wants to take the place of {@code polling} from {@code now} on; empty if another one is tried already. */
    Optional<Probe> begin(PollingTransport polling, long now) {
        if (probe != null) {
            return Optional.empty();
        }
        probe = new Probe(polling, now);
        return Optional.of(probe);
    }

    /** The WebSocket of {@code opening} has opened. */
    void opened(Probe opening, WebSocketTransport candidate) {
        if (opening.equals(probe)) {
            opening.opened(candidate);
            if (known) {
                candidate.known();
            }
        } else {
            candidate.close(null, ""); // too late
        }
    }

    /**
     * The client has joined a namespace. It may send as much over the WebSocket that is tried as over polling: what it held back
     * comes right behind its upgrade packet, before that has been looked at here.
     */
    void known() {
        known = true;
        if (probe != null) {
            probe.candidate().ifPresent(WebSocketTransport::known);
        }
    }

    /** The WebSocket of {@code opening} has not opened, or has gone. */
    void failed(Probe opening) {
        if (opening.equals(probe)) {
            cancel(null, "");
        }
    }

    /** Whether {@code transport} is the WebSocket that is tried. */
    boolean isFor(EngineTransport transport) {
        return probe != null && probe.isFor(transport);
    }

    /** Takes a packet of the WebSocket that is tried; what becomes the transport now, if it does. */
    Optional<WebSocketTransport> receive(WebSocketTransport candidate, EnginePacket packet) {
        Optional<WebSocketTransport> upgraded = probe == null ? Optional.empty() : probe.receive(candidate, packet);
        if (upgraded.isPresent()) {
            probe = null;
        }
        return upgraded;
    }

    /** Gives the WebSocket up that is tried, if any: polling goes on. */
    void cancel(@Nullable ErrorCode code, String message) {
        Probe failed = probe;
        if (failed != null) {
            probe = null;
            failed.fail(code, message);
        }
    }

    /** Gives it up if it takes longer than {@code timeout}. */
    void expire(long now, Duration timeout) {
        if (probe != null && probe.age(now) > timeout.toNanos()) {
            cancel(ErrorCode.PROTOCOL_ERROR, "no upgrade in time");
        }
    }

    /**
     * The session ends. Official clients that have their pong notice the end of neither transport before they have upgraded,
     * and would wait for their ping timeout; so the WebSocket is left to them until then, for two seconds at most.
     */
    void end(DisconnectReason reason) {
        Optional<WebSocketTransport> almost =
                probe == null || reason == DisconnectReason.CONNECTION_CLOSED ? Optional.empty() : probe.answered();
        if (almost.isPresent()) {
            probe = null;
            var _ = loop.schedule(() -> hangUp(almost.get()), LAST_UPGRADE.toMillis(), TimeUnit.MILLISECONDS);
        } else {
            cancel(null, "");
        }
    }

    /** Closes {@code late}, which was to carry a session that has ended. */
    static void hangUp(EngineTransport late) {
        late.close(ErrorCode.GOING_AWAY, "the session has ended");
    }
}
