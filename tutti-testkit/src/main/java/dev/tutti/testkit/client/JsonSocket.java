package dev.tutti.testkit.client;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** One connection to {@code /ws}: says what it is told to, and keeps what it hears until that is taken. Safe for many threads. */
public final class JsonSocket implements WebSocket.Listener, AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final BlockingQueue<JsonNode> heard = new LinkedBlockingQueue<>();
    private final CompletableFuture<Integer> ended = new CompletableFuture<>();
    private final StringBuilder text = new StringBuilder();
    private volatile @Nullable WebSocket socket;
    private volatile boolean closed;
    private CompletionStage<?> said = CompletableFuture.completedFuture(null);

    private JsonSocket() {}

    /**
     * Connects; blocks for some seconds at most.
     *
     * @throws IOException if that is not possible
     */
    public static JsonSocket open(HttpClient http, URI address, Account account)
            throws IOException, InterruptedException {
        JsonSocket opened = new JsonSocket();
        URI uri = URI.create(address.toString().replaceFirst("http", "ws") + "/ws");
        CompletableFuture<WebSocket> opening = http.newWebSocketBuilder()
                .connectTimeout(PATIENCE)
                .header("Authorization", "Bearer " + account.token())
                .buildAsync(uri, opened);
        try {
            opened.socket =
                    opening.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS); // it may be there before onOpen is called
            return opened;
        } catch (ExecutionException | TimeoutException failure) {
            opened.close();
            throw new IOException("cannot connect to " + uri, failure);
        }
    }

    /** Sends one message behind those before. */
    public synchronized void say(Map<String, Object> message) {
        WebSocket open = socket;
        if (open != null) {
            String json = Api.JSON.writeValueAsString(message);
            said = said.thenCompose(_ -> open.sendText(json, true));
        }
    }

    /** The next message that it was sent; nothing if none comes within {@code time}. */
    public Optional<JsonNode> hear(Duration time) throws InterruptedException {
        return Optional.ofNullable(heard.poll(time.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** Whether it has ended, after waiting for that for at most {@code time}. */
    public boolean hasEndedWithin(Duration time) throws InterruptedException {
        try {
            ended.get(time.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (ExecutionException | TimeoutException open) {
            return false;
        }
    }

    @Override
    public void onOpen(WebSocket webSocket) {
        socket = webSocket;
        if (closed) {
            webSocket.abort(); // it was opened too late
        }
        webSocket.request(1);
    }

    @Override
    public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        text.append(data);
        if (last) {
            heard.add(Api.JSON.readTree(text.toString()));
            text.setLength(0);
        }
        webSocket.request(1);
        return null;
    }

    @Override
    public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
        ended.complete(code);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        ended.complete(0);
    }

    /** Ends it without a goodbye. Idempotent. */
    @Override
    public void close() {
        closed = true;
        WebSocket open = socket;
        if (open != null) {
            open.abort();
        }
        ended.complete(0);
    }
}
