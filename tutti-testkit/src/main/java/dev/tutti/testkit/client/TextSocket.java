package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One WebSocket for text messages of any content, opened by {@link Api#webSocket}. It sends texts in order, and passes each received text
 * to a listener when it is complete. Safe for use by many threads.
 */
public final class TextSocket implements AutoCloseable {
    /** Receives the texts of a socket: on a thread of the HTTP client, one call at a time. */
    @FunctionalInterface
    public interface TextListener {
        /** A text was received through {@code socket}. */
        void onText(TextSocket socket, String text);

        /** The server has ended the connection, or it broke; {@code why} is for people. Not called after {@link TextSocket#close}. */
        default void onEnd(String why) {}
    }

    private final TextListener listener;
    private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
    private volatile long heard = System.nanoTime();
    private @Nullable WebSocket socket; // guarded by this, like the next fields
    private boolean closed;
    private CompletionStage<?> said = CompletableFuture.completedFuture(null);

    private TextSocket(TextListener listener) {
        this.listener = listener;
    }

    /** Connects as {@link Api#webSocket} does, with the connections of {@code http}. */
    static TextSocket open(
            HttpClient http, URI address, @Nullable Account account, Duration patience, TextListener listener)
            throws IOException, InterruptedException {
        TextSocket opened = new TextSocket(listener);
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(patience);
        if (account != null) {
            builder.header("Authorization", "Bearer " + account.token());
        }
        URI uri = URI.create(address.toString().replaceFirst("^http", "ws"));
        CompletableFuture<WebSocket> opening = builder.buildAsync(uri, opened.new SocketListener());
        try {
            // the future may complete before the listener is called
            opened.became(opening.get(patience.toMillis(), TimeUnit.MILLISECONDS));
            return opened;
        } catch (ExecutionException | TimeoutException failure) {
            opened.close();
            throw new IOException(
                    "cannot connect to " + uri, failure.getCause() == null ? failure : failure.getCause());
        } catch (InterruptedException interrupted) {
            opened.close();
            throw interrupted;
        }
    }

    private synchronized void became(WebSocket open) {
        socket = open;
        if (closed) {
            open.abort(); // it was closed while it was being opened
        }
    }

    /** Sends {@code text} after the earlier texts. Does not wait until it is sent. If the connection has ended, the text is dropped. */
    public synchronized void say(String text) {
        WebSocket open = socket;
        if (open != null) {
            said = said.thenCompose(_ -> open.sendText(text, true));
        }
    }

    /** Waits until the connection has ended, for at most {@code time}; returns whether it has. */
    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException open) {
            return false;
        }
    }

    /** The time since the last received text, or part of a text. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - heard);
    }

    /** Aborts the connection, without a close frame. Idempotent. */
    @Override
    public synchronized void close() {
        closed = true;
        if (socket != null) {
            socket.abort();
        }
        ended.complete(null);
    }

    private void end(String why) {
        if (ended.complete(null)) {
            listener.onEnd(why);
        }
    }

    private final class SocketListener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public void onOpen(WebSocket webSocket) {
            became(webSocket);
            webSocket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            heard = System.nanoTime();
            text.append(data);
            if (last) {
                String whole = text.toString();
                text.setLength(0);
                listener.onText(TextSocket.this, whole);
            }
            webSocket.request(1);
            return null;
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
}
