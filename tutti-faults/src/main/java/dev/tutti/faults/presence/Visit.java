package dev.tutti.faults.presence;

import dev.tutti.testkit.client.Account;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One Socket.IO connection that does nothing but be there: the few packets that this takes, over a WebSocket. The official
 * client has one thread for all its connections, and would not say to the millisecond when one begins and ends.
 */
final class Visit implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final String OPEN = "0";
    private static final String CLOSE = "1";
    private static final String PING = "2";
    private static final String PONG = "3";
    private static final String CONNECT = "40";
    private static final String DISCONNECT = "41";
    private static final String REFUSED = "44";

    private final String token;
    private final StringBuilder text = new StringBuilder();
    private final CompletableFuture<@Nullable Void> connected = new CompletableFuture<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable WebSocket socket;
    private volatile boolean givenUp;
    private CompletionStage<?> said = CompletableFuture.completedFuture(null);

    private Visit(String token) {
        this.token = token;
    }

    /**
     * Connects; blocks for at most four seconds.
     *
     * @throws IOException if that is not possible
     */
    static Visit begin(HttpClient http, URI address, Account account) throws IOException, InterruptedException {
        URI uri = URI.create(address.toString().replaceFirst("http", "ws") + "/socket.io/?EIO=4&transport=websocket");
        Visit visit = new Visit(account.token());
        CompletableFuture<WebSocket> opened =
                http.newWebSocketBuilder().connectTimeout(PATIENCE).buildAsync(uri, visit);
        try {
            opened.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            visit.connected.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
            return visit;
        } catch (ExecutionException | TimeoutException failure) {
            visit.giveUp();
            throw new IOException("cannot connect to " + uri, failure);
        }
    }

    /** Whether it is over, after waiting for that for at most {@code time}. */
    boolean hasEndedWithin(Duration time) throws InterruptedException {
        return ended.await(time.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void giveUp() {
        givenUp = true;
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
    }

    /** Says goodbye, if that is not over yet. Does not wait. */
    @Override
    public void close() {
        WebSocket open = socket;
        if (open != null) {
            say(open, DISCONNECT);
            say(open, CLOSE);
        }
    }

    private synchronized void say(WebSocket open, String packet) {
        said = said.thenCompose(_ -> open.sendText(packet, true));
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        socket = webSocket;
        if (givenUp) {
            webSocket.abort();
        }
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            String packet = text.toString();
            text.setLength(0);
            received(webSocket, packet);
        }
        webSocket.request(1);
        return null;
    }

    private void received(WebSocket webSocket, String packet) {
        if (packet.startsWith(OPEN)) {
            say(webSocket, CONNECT + "{\"token\":\"" + token + "\"}");
        } else if (packet.startsWith(CONNECT)) {
            connected.complete(null);
        } else if (packet.equals(PING)) {
            say(webSocket, PONG);
        } else if (packet.startsWith(DISCONNECT) || packet.startsWith(REFUSED)) {
            end(packet);
        } // events are none of a visitor's business
    }

    private void end(String why) {
        connected.completeExceptionally(new IOException(why));
        ended.countDown();
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        end("closed with " + code + " " + reason);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        end(error.toString());
    }
}
