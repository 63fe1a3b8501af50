package dev.tutti.socketio.handler;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.edge.flow.WireError;
import dev.tutti.socket.DisconnectReason;
import dev.tutti.socket.Message;
import dev.tutti.socket.MessageHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The handlers that an application has for one socket: one for each event, and those of its end. Safe for use by many threads. */
public final class Handlers {
    private record Handler(String event, MessageHandler handler) {}

    private volatile List<Handler> handlers = List.of(); // few: looking through them is quick, and small
    private volatile @Nullable Consumer<DisconnectReason> disconnected;

    /** {@code handler} is for {@code event} from now on, instead of the one before. */
    public synchronized void on(String event, MessageHandler handler) {
        List<Handler> more = new ArrayList<>(handlers.size() + 1);
        handlers.stream().filter(known -> !known.event().equals(event)).forEach(more::add);
        more.add(new Handler(event, handler));
        handlers = List.copyOf(more);
    }

    /** {@code handler} is told the end as well, behind those before. */
    public synchronized void onDisconnect(Consumer<DisconnectReason> handler) {
        Consumer<DisconnectReason> before = disconnected;
        disconnected = before == null ? handler : before.andThen(handler);
    }

    /** Handles {@code message}; a failure is the answer to a client that asked for one. False if there is no handler for it. */
    public boolean handle(Message message) {
        @Nullable MessageHandler handler = find(message.event());
        if (handler == null) {
            return false;
        }
        try {
            handler.handle(message);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } catch (Throwable failure) { // an application's code throws anything, and its client waits
            message.reply(WireError.of(WireError.tellable(failure)));
        }
        return true;
    }

    /** Answers that there is no handler for {@code message}. */
    public static void unknown(Message message) {
        message.reply(WireError.of(new TuttiException(ErrorCode.NOT_FOUND, "no such event is known here")));
    }

    private @Nullable MessageHandler find(String event) {
        for (Handler known : handlers) {
            if (known.event().equals(event)) {
                return known.handler();
            }
        }
        return null;
    }

    /** Tells the end; what a handler throws is the caller's. */
    public void disconnected(DisconnectReason reason) {
        Consumer<DisconnectReason> handler = disconnected;
        if (handler != null) {
            handler.accept(reason);
        }
    }
}
