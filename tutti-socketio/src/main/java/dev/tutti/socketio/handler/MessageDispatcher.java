package dev.tutti.socketio.handler;

import dev.tutti.TuttiException;
import dev.tutti.edge.flow.FlowMetrics;
import dev.tutti.edge.flow.WireError;
import dev.tutti.protocol.ProtocolException;
import dev.tutti.protocol.socketio.Assembled;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socketio.wire.EventNames;
import dev.tutti.socketio.wire.Payloads;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads the messages of clients, and brings them to the handlers of their sockets, on the thread that it is called on. Safe
 * for use by many threads.
 */
public final class MessageDispatcher {
    private final Payloads payloads;
    private final FlowMetrics metrics;

    /** One that counts in {@code metrics} what it refuses. */
    public MessageDispatcher(Payloads payloads, FlowMetrics metrics) {
        this.payloads = payloads;
        this.metrics = metrics;
    }

    /**
     * Brings {@code assembled} to its handler; one that is beyond the bounds is refused.
     *
     * @param answersUnknown whether one that no handler is for is acknowledged, too
     * @param call the id that its client gave it, as of {@link SocketPacket.Event}
     * @param reply where the reply goes
     * @throws ProtocolException if it is no message
     */
    public void dispatch(
            Assembled assembled,
            boolean answersUnknown,
            long call,
            Handlers handlers,
            ReceivedMessage.ReplySender reply) {
        List<@Nullable Object> array;
        try {
            array = payloads.array(assembled);
        } catch (TuttiException outOfBounds) {
            metrics.refused(outOfBounds.code());
            if (call != SocketPacket.NO_ID) {
                reply.send(call, WireError.of(outOfBounds));
            }
            return;
        }
        ReceivedMessage message =
                new ReceivedMessage(payloads, EventNames.name(array), array.subList(1, array.size()), call, reply);
        if (!handlers.handle(message) && answersUnknown) {
            Handlers.unknown(message);
        }
    }
}
