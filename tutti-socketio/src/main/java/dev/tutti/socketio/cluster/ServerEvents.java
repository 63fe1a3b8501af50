package dev.tutti.socketio.cluster;

import dev.tutti.concurrent.SerialExecutor;
import dev.tutti.protocol.socketio.SocketPacket;
import dev.tutti.socket.MessageHandler;
import dev.tutti.socketio.ack.BroadcastAck.Told;
import dev.tutti.socketio.handler.Handlers;
import dev.tutti.socketio.handler.ReceivedMessage;
import dev.tutti.socketio.wire.Body;
import dev.tutti.socketio.wire.Payloads;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The messages of other instances' applications to this one's in one namespace. Handlers run on a virtual thread, one at a
 * time; at most {@value #MOST} events wait, and those beyond that are dropped.
 */
public final class ServerEvents {
    static final int MOST = 10_000;

    private static final Told NO_ANSWER = new Told(List.of(), false);
    private static final Logger log = LoggerFactory.getLogger(ServerEvents.class);

    private final Payloads payloads;
    private final Handlers handlers = new Handlers();
    private final SerialExecutor executor;

    /** Those in {@code namespace}; no handler yet. */
    public ServerEvents(String namespace, Payloads payloads) {
        this.payloads = payloads;
        this.executor = new SerialExecutor("tutti-server-events" + namespace);
    }

    /** {@code handler} is for {@code event} from now on, instead of the one before. */
    public void on(String event, MessageHandler handler) {
        handlers.on(event, handler);
    }

    /** Handles an event. */
    void handle(Body body) {
        handle(body, SocketPacket.NO_ID, (_, _) -> {}, () -> {});
    }

    /** Handles an event, and completes with the reply, or without one if there is no handler, or no room. */
    CompletableFuture<Told> call(Body body) {
        CompletableFuture<Told> told = new CompletableFuture<>();
        handle(
                body,
                0,
                (_, data) -> told.complete(new Told(List.of(payloads.write((Object) data)), true)),
                () -> told.complete(NO_ANSWER));
        return told;
    }

    private void handle(Body body, long id, ReceivedMessage.ReplySender reply, Runnable unhandled) {
        if (executor.waiting() >= MOST) {
            log.warn("An event of another instance is dropped, because {} wait for their handlers already", MOST);
            unhandled.run();
            return;
        }
        executor.execute(() -> {
            if (!isHandled(body, id, reply)) {
                unhandled.run();
            }
        });
    }

    private boolean isHandled(Body body, long id, ReceivedMessage.ReplySender reply) {
        List<@Nullable Object> array = payloads.array(body);
        return handlers.handle(new ReceivedMessage(
                payloads, String.valueOf(array.getFirst()), array.subList(1, array.size()), id, reply));
    }
}
