package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.flow.OutboundBudget;
import dev.tutti.edge.flow.OutboxBounds;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineEncoder;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.protocol.engineio.PayloadReader;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socketio.engineio.EngineRequest.Refusal;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * HTTP long-polling: what is sent waits, bounded by bytes, for the client's next GET; what the client sends comes in POSTs,
 * whose answer is held back while the session is paused. Confined to the session's event loop.
 */
final class PollingTransport implements EngineTransport {
    private static final byte[] CLOSE = EngineEncoder.bytes(EnginePacket.CLOSE);
    private static final byte[] NOOP = EngineEncoder.bytes(EnginePacket.NOOP);
    private static final Duration UNWRITTEN = Duration.ofSeconds(5);
    private static final int PART_OVERHEAD = 32; // an array's header, its place in the list, the separator

    private final EngineSession session;
    private final OutboxBounds bounds;
    private final OutboundBudget budget;
    private List<byte[]> waiting = List.of();
    private long bytes;
    private long onTheWay; // bytes that polls were answered with, and that connections have not taken yet
    private @Nullable EngineRequest poll;
    private boolean identified; // the poll
    private long polledAt;
    private @Nullable EngineRequest unwritten; // has its answer, perhaps; nothing may follow before that is known
    private @Nullable EngineRequest post;
    private boolean taken; // the post's packets, while its answer is held back
    private boolean flushing;
    private boolean notReady;
    private boolean paused;
    private boolean probed;
    private boolean closed;

    PollingTransport(EngineSession session) {
        this.session = session;
        this.bounds = session.settings().bounds();
        this.budget = session.budget();
    }

    @Override
    public boolean ready() {
        if (bytes >= bounds.softBytes() || !budget.allows(bytes + onTheWay)) {
            notReady = true;
        }
        return !notReady && !closed;
    }

    @Override
    public <T> void send(EncodeOnce<T> value, TransportEncodings<T> encodings, int from, int messages) {
        if (closed) {
            return;
        }
        ByteBuf part = value.in(encodings.polling()).from(from);
        int length = part.readableBytes();
        if (!ready() && (bytes + length > bounds.hardBytes() || !budget.allows(length))) {
            part.release();
            session.overflowed();
            return;
        }
        try {
            add(ByteBufUtil.getBytes(part));
        } finally {
            part.release();
        }
        session.metrics().written(messages, length);
        if (poll != null && !flushing) {
            flushing = true;
            session.loop().execute(this::flush);
        }
    }

    private void add(byte[] part) {
        if (waiting.isEmpty()) {
            waiting = new ArrayList<>(4);
        }
        waiting.add(part);
        bytes += part.length + PART_OVERHEAD;
        budget.add(part.length + PART_OVERHEAD);
    }

    private void flush() {
        flushing = false;
        EngineRequest answered = poll;
        if (answered != null && unwritten == null && !waiting.isEmpty()) {
            poll = null;
            unwritten = answered;
            long sent = bytes;
            List<byte[]> parts = take();
            hold(sent);
            answered.payload(
                    parts, !identified && !closed, session.loop(), () -> written(answered), () -> release(sent));
            if (notReady) {
                notReady = false;
                session.drained();
            }
        }
    }

    /** Keeps the answer to a poll in the budget until its connection has taken it. */
    private void hold(long sent) {
        onTheWay += sent;
        budget.add(sent);
    }

    private void release(long sent) {
        onTheWay -= sent;
        budget.add(-sent);
        if (notReady && waiting.isEmpty() && !closed) { // no poll would tell
            notReady = false;
            session.drained();
        }
    }

    private void written(EngineRequest answered) {
        if (answered.equals(unwritten)) {
            unwritten = null;
            flush();
            if (closed && !hasFarewell()) {
                session.forget();
            }
        }
    }

    /** Ends the session if it has waited for too long to hear whether the last answer was written. */
    void expire(long now) {
        if (unwritten != null && poll != null && now - polledAt > UNWRITTEN.toNanos()) {
            lost();
        }
    }

    /** The packets on their way to the client are lost, or may be: nothing that follows may reach it. */
    void lost() {
        closed = true;
        forget();
        resume();
        session.lost();
    }

    /** Nothing is left to be asked of it. */
    void forget() {
        EngineRequest waits = poll;
        poll = null;
        if (waits != null) {
            waits.refuse(Refusal.SESSION_UNKNOWN);
        }
        settle();
        take();
    }

    private void settle() {
        EngineRequest answered = unwritten;
        unwritten = null;
        if (answered != null) {
            answered.settle();
        }
    }

    /** The payloads that wait, which are the caller's from now on. */
    List<byte[]> take() {
        List<byte[]> all = waiting;
        waiting = List.of();
        budget.add(-bytes);
        bytes = 0;
        return all;
    }

    /** The packets that wait; sent as one, they are within the bounds of another transport as they were within those of polling. */
    List<EnginePacket> takePackets() {
        List<EnginePacket> all = new ArrayList<>();
        for (byte[] payload : take()) {
            new PayloadReader(Slice.of(payload), payload.length, payload.length).forEachRemaining(all::add);
        }
        return all;
    }

    /**
     * A GET of the client. It is answered with what waits, or as soon as there is something.
     *
     * @param own whether it would be known by its id if it came again
     */
    void poll(EngineRequest request, boolean own) {
        if (poll != null) {
            refuseOverlapping(request);
            return;
        }
        if (closed) {
            add(CLOSE);
        }
        poll = request;
        identified = own;
        polledAt = session.now();
        request.atEnd(session.loop(), () -> {
            if (request.equals(poll)) {
                poll = null; // it needs no answer
                lost();
            } else if (request.equals(unwritten)) {
                lost();
            }
        });
        flush();
        if (poll != null && probed) {
            noop();
        }
        if (poll != null && waiting.isEmpty()) {
            request.waits();
        }
    }

    /** Answers {@code request}, if it still waits, at once. */
    void hurry(EngineRequest request) {
        if (request.equals(poll)) {
            noop();
        }
    }

    private void refuseOverlapping(EngineRequest request) {
        request.refuse(Refusal.BAD_REQUEST);
        session.close(DisconnectReason.PROTOCOL_ERROR, ErrorCode.PROTOCOL_ERROR, "requests overlap");
    }

    /** A POST of the client has begun; whether it may bring packets. */
    boolean mayPost(EngineRequest request) {
        if (post != null) {
            refuseOverlapping(request);
            return false;
        }
        post = request;
        return true;
    }

    /** The body of a POST has come. */
    void post(EngineRequest request, Slice body) {
        EngineSettings settings = session.settings();
        try {
            PayloadReader reader = new PayloadReader(body, settings.maxPayload(), settings.maxPackets());
            while (!session.isClosed() && reader.hasNext()) {
                session.receive(reader.next(), this);
            }
        } catch (ProtocolException refused) {
            post = null;
            request.refuse(Refusal.BAD_REQUEST);
            session.violated(refused, this);
            return;
        }
        taken = true;
        if (!paused || closed) {
            answerPost();
        }
    }

    private void answerPost() {
        EngineRequest answered = post;
        if (answered != null && taken) {
            post = null;
            taken = false;
            answered.ok();
        }
    }

    /** A POST is over; if it was not taken, it was too large, or broke off, and what it should have brought is lost. */
    void postEnded(EngineRequest request, boolean tooLarge) {
        if (!request.equals(post)) {
            return;
        }
        boolean lost = !taken;
        post = null;
        taken = false;
        if (lost && tooLarge) {
            session.close(DisconnectReason.LIMIT, ErrorCode.TOO_LARGE, "a request body is too large");
        } else if (lost) {
            session.close(DisconnectReason.TRANSPORT_CLOSED, ErrorCode.BAD_REQUEST, "a request broke off");
        }
    }

    /** A WebSocket is tried: polls come back at once, so that the client can end the last one; until it failed. */
    void probed(boolean underWay) {
        probed = underWay;
        if (underWay) {
            noop();
        }
    }

    private void noop() {
        if (poll != null) {
            if (waiting.isEmpty()) {
                add(NOOP);
            }
            flush();
        }
    }

    @Override
    public void known() {
        // what a body may have is asked for each time
    }

    @Override
    public boolean isReading() {
        return true; // the rate of bytes pauses the session
    }

    @Override
    public void pause() {
        paused = true;
    }

    @Override
    public void resume() {
        paused = false;
        answerPost();
    }

    /** The session goes on over another transport. */
    void retire() {
        notReady = false; // the session goes on when the other transport is its own
        settle(); // the client upgrades when its last poll has ended
        noop();
        settle();
        closed = true;
        resume();
    }

    /** Packets that wait go with the poll that waits, or the next one. */
    @Override
    public void close(@Nullable ErrorCode code, String message) {
        resume();
        if (poll != null) {
            add(CLOSE);
            flush();
        }
        closed = true;
    }

    /** The client has closed the session itself. */
    void ended() {
        settle();
        noop();
        closed = true;
        resume();
    }

    /** Whether there is something that a later poll should still get. */
    boolean hasFarewell() {
        return !waiting.isEmpty();
    }
}
