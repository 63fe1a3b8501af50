package dev.tutti.socketio.handler;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socket.Message;
import dev.tutti.socketio.wire.Payloads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A message as its handler sees it. Its reply is safe from any thread. */
public final class ReceivedMessage implements Message {
    /** Where the reply goes. */
    public interface ReplySender {
        void send(long id, @Nullable Object... data);
    }

    private final Payloads payloads;
    private final ReplySender reply;
    private final String event;
    private final List<@Nullable Object> arguments;
    private long id; // NO_ID once it was replied to

    /**
     * One whose reply goes to {@code reply}, as the answer to {@code id}.
     *
     * @param id {@link SocketPacket#NO_ID} if no reply is wanted
     */
    public ReceivedMessage(
            Payloads payloads, String event, List<@Nullable Object> arguments, long id, ReplySender reply) {
        this.payloads = payloads;
        this.reply = reply;
        this.event = event;
        this.arguments = arguments;
        this.id = id;
    }

    @Override
    public String event() {
        return event;
    }

    @Override
    public List<@Nullable Object> arguments() {
        return arguments;
    }

    @Override
    public synchronized boolean wantsReply() {
        return id != SocketPacket.NO_ID;
    }

    @Override
    public void reply(Object... data) {
        long asked;
        synchronized (this) {
            asked = id;
            id = SocketPacket.NO_ID;
        }
        if (asked == SocketPacket.NO_ID) {
            return;
        }
        try {
            reply.send(asked, data);
        } catch (RuntimeException unreadable) {
            synchronized (this) {
                id = asked; // nothing was sent: the failure can still be told
            }
            throw unreadable;
        }
    }

    @Override
    public String text(int index) {
        if (argument(index) instanceof String text) {
            return text;
        }
        throw new TuttiException(ErrorCode.BAD_REQUEST, "argument " + index + " of '" + event + "' is not a string");
    }

    @Override
    public <T> T as(int index, Class<T> type) {
        return payloads.convert(argument(index), type);
    }

    private @Nullable Object argument(int index) {
        return index >= 0 && index < arguments.size() ? arguments.get(index) : null;
    }
}
