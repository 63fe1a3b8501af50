package dev.tutti.socketio.socket;

import dev.tutti.ErrorCode;
import dev.tutti.edge.flow.Handle;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.protocol.socketio.Assembler;
import dev.tutti.protocol.socketio.SocketDecoder;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.engineio.EngineSession;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Puts the messages of one client together. A message that lacks attachments counts for the client's address, and the session is
 * closed if there is no room for it, or if the next attachment does not come in time. Confined to the session's event loop.
 */
final class InboundAssembler {
    private static final int COUNTED_BYTES = 1024; // what is less is not held

    private final EngineSession session;
    private final LongSupplier ticker;
    private final long timeout;
    private final Assembler assembler;
    private List<Handle> held = List.of(); // nearly always; otherwise one for some of the parts
    private long counted; // bytes that are held
    private long partAt; // when the last part came of what waits

    /** One for the client of {@code session}; {@code ticker} is a monotonic clock, in nanoseconds. */
    InboundAssembler(EngineSession session, ConnectionSettings settings, LongSupplier ticker) {
        this.session = session;
        this.ticker = ticker;
        this.timeout = settings.attachmentTimeout().toNanos();
        this.assembler = new Assembler(settings.maxAttachments(), settings.maxPayload());
    }

    /**
     * Takes a text message. The answer is empty if attachments must follow.
     *
     * @throws ProtocolException if it is no packet, or an attachment was expected
     */
    Optional<Assembled> text(Slice text) {
        Optional<Assembled> whole = assembler.packet(SocketDecoder.decode(text));
        if (whole.isEmpty()) {
            count();
        }
        return whole;
    }

    /**
     * Takes an attachment. The answer is empty if more must follow.
     *
     * @throws ProtocolException if a packet was expected
     */
    Optional<Assembled> binary(Slice attachment) {
        Optional<Assembled> whole = assembler.attachment(attachment);
        count();
        return whole;
    }

    private void count() {
        partAt = ticker.getAsLong();
        long kept = assembler.kept();
        if (kept < counted) { // it is whole, or too large
            release();
        }
        long more = kept - counted;
        if (more < COUNTED_BYTES) {
            return;
        }
        @Nullable Handle part = session.hold((int) Math.min(more, Integer.MAX_VALUE));
        if (part == null) {
            session.close(DisconnectReason.LIMIT, ErrorCode.OVERLOADED, "too much waits for its attachments at a time");
            return;
        }
        if (held.isEmpty()) {
            held = new ArrayList<>(4);
        }
        held.add(part);
        counted = kept;
    }

    private void release() {
        held.forEach(Handle::close);
        held = List.of();
        counted = 0;
    }

    /** Closes the session if an attachment is late. The time in which nothing is read from the client does not count. */
    void expire() {
        if (!assembler.isWaiting()) {
            return;
        }
        long now = ticker.getAsLong();
        if (!session.isReading()) {
            partAt = now;
        } else if (now - partAt > timeout) {
            session.close(
                    DisconnectReason.PROTOCOL_ERROR,
                    ErrorCode.PROTOCOL_ERROR,
                    "expected an attachment, which did not come in time");
        }
    }

    /** Drops what waits. */
    void end() {
        assembler.drop();
        release();
    }
}
