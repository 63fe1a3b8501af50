package dev.tutti.edge.flow;

import dev.tutti.edge.EdgeParts;
import dev.tutti.edge.Endpoint;
import dev.tutti.edge.http.Exchange;
import dev.tutti.socket.DisconnectReason;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A WebSocket at {@code /echo} that says at once what it is told.
 *
 * @param exchanges what its connections began with
 */
record EchoEndpoint(EdgeParts parts, Queue<WeakReference<Exchange>> exchanges) implements Endpoint {
    EchoEndpoint(EdgeParts parts) {
        this(parts, new ConcurrentLinkedQueue<>());
    }

    @Override
    public String path() {
        return "/echo";
    }

    @Override
    public void handle(Exchange exchange) {
        WebSocketUpgrade.open(
                exchange.request(),
                exchange.address(),
                "",
                parts.settings().sizes().message(),
                parts.flow(),
                link -> listener(link, exchange));
    }

    private WebSocketListener listener(WebSocketLink link, Exchange exchange) {
        exchanges.add(new WeakReference<>(exchange));
        InboundLimit.known(link.channel());
        return new WebSocketListener() {
            @Override
            public void onText(ByteBuf utf8) {
                link.text(ByteBufUtil.getBytes(utf8));
            }

            @Override
            public void onBinary(ByteBuf bytes) {
                link.outbox().write(Frames.binary(link.channel().alloc(), ByteBufUtil.getBytes(bytes)));
            }

            @Override
            public void onDrained() {}

            @Override
            public void onClosed(DisconnectReason reason) {}
        };
    }

    @Override
    public List<Runnable> drainTasks() {
        return List.of();
    }
}
