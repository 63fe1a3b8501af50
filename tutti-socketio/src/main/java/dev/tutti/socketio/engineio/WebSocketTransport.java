package dev.tutti.socketio.engineio;

import dev.tutti.ErrorCode;
import dev.tutti.concurrent.EncodeOnce;
import dev.tutti.edge.flow.InboundLimit;
import dev.tutti.edge.flow.WebSocketLink;
import dev.tutti.edge.flow.WebSocketListener;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.Slice;
import dev.tutti.protocol.engineio.EngineDecoder;
import dev.tutti.protocol.engineio.EnginePacket;
import dev.tutti.socket.DisconnectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.EventLoop;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A WebSocket that carries a session, or that may do so after an upgrade.
 *
 * <p>In general both live on one event loop. A session that began by polling stays on the loop it began on, and its
 * WebSocket is accepted on any; then what is sent is handed over by a {@link CrossLoopWriter}, and {@code handed} minus {@code
 * written} counts the bytes in between, so that they are bounded too.
 */
final class WebSocketTransport implements EngineTransport, WebSocketListener, CrossLoopWriter.Receiver {
    private final WebSocketLink link;
    private final EngineSession session;
    private final boolean text;
    private final @Nullable CrossLoopWriter crossLoopWriter; // null if the WebSocket lives on the session's loop
    private long handed; // the session's loop
    private long taken; // the WebSocket's loop, which publishes it as written
    private volatile long written;
    private volatile boolean writable = true;
    private volatile boolean stalled;

    /** Made on the WebSocket's loop; in {@code text}, bytes go as Base64 in text frames. */
    WebSocketTransport(WebSocketLink link, EngineSession session, boolean text) {
        this.link = link;
        this.session = session;
        this.text = text;
        EventLoop own = link.channel().eventLoop();
        this.crossLoopWriter =
                own.equals(session.loop()) ? null : session.writers().between(session.loop(), own);
    }

    @Override
    public boolean ready() {
        if (crossLoopWriter == null) {
            return link.outbox().ready();
        }
        if (isReady()) {
            return true;
        }
        stalled = true;
        return isReady(); // what was written before this was set is not told
    }

    private boolean isReady() {
        return writable && handed - written < session.settings().bounds().softBytes();
    }

    @Override
    public <T> void send(EncodeOnce<T> value, TransportEncodings<T> encodings, int from, int messages) {
        ByteBuf frames = text
                ? TransportEncodings.textFrames(value.in(encodings.polling()).from(from))
                : value.in(encodings.webSocket()).from(from);
        if (crossLoopWriter == null) {
            link.outbox().write(frames, messages);
            return;
        }
        int bytes = frames.readableBytes();
        if (handed - written > session.settings().bounds().hardBytes()) {
            frames.release();
            link.overflowed();
            return;
        }
        handed += bytes;
        crossLoopWriter.add(this, frames, messages);
    }

    @Override
    public void write(ByteBuf frames, int messages) {
        int bytes = frames.readableBytes();
        link.outbox().write(frames, messages);
        taken += bytes;
        writable = link.outbox().ready(); // before the bytes count as written, or there would be a moment of neither
        written = taken;
    }

    @Override
    public void batchWritten() {
        if (stalled && writable) {
            onDrained();
        }
    }

    @Override
    public void onDrained() {
        writable = true;
        stalled = false;
        onSession(session::drained);
    }

    @Override
    public void known() {
        InboundLimit.known(link.channel());
    }

    @Override
    public boolean isReading() {
        return link.channel().config().isAutoRead(); // which the rate of bytes turns off, too
    }

    @Override
    public void pause() {
        link.pause();
    }

    @Override
    public void resume() {
        link.resume();
    }

    @Override
    public void close(@Nullable ErrorCode code, String message) {
        if (crossLoopWriter != null) {
            crossLoopWriter.behind(() -> closeHere(code, message));
        } else {
            closeHere(code, message);
        }
    }

    /**
     * The official Java client does not answer a close frame, and notices only after half a minute or more that nothing comes;
     * so who shall come back is sent none.
     */
    private void closeHere(@Nullable ErrorCode code, String message) {
        if (code == null) {
            link.close();
        } else if (code.retry() != ErrorCode.Retry.NEVER) {
            link.hangUp(code);
        } else {
            link.close(code, message);
        }
    }

    @Override
    public void onText(ByteBuf utf8) {
        Slice text = copy(utf8);
        onSession(() -> receive(() -> EngineDecoder.text(text)));
    }

    @Override
    public void onBinary(ByteBuf bytes) {
        Slice data = copy(bytes);
        onSession(() -> receive(() -> EngineDecoder.binary(data)));
    }

    private void receive(Supplier<EnginePacket> decode) {
        try {
            session.receive(decode.get(), this);
        } catch (ProtocolException refused) {
            session.violated(refused, this);
        }
    }

    @Override
    public void onClosed(DisconnectReason reason) {
        onSession(() -> session.transportClosed(this, reason));
    }

    private void onSession(Runnable task) {
        if (crossLoopWriter == null) {
            task.run();
        } else {
            session.loop().execute(task);
        }
    }

    private static Slice copy(ByteBuf buffer) {
        return Slice.of(ByteBufUtil.getBytes(buffer));
    }
}
