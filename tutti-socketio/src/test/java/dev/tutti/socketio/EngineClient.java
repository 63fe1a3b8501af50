package dev.tutti.socketio;

import dev.tutti.testkit.client.Api;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Speaks Engine.IO by hand, polling and frames of bytes included, so that it can say what no proper client would, and none of the
 * testkit's does.
 */
final class EngineClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Queue<Frames> opened = new ConcurrentLinkedQueue<>();
    private final HttpClient http = Api.httpClient();
    private final URI base;

    EngineClient(RunningServer server) {
        this.base = server.uri("/socket.io/");
    }

    HttpResponse<String> get(String query, String... headers) throws IOException, InterruptedException {
        return send("GET", query, "", headers);
    }

    HttpResponse<String> post(String query, String body, String... headers) throws IOException, InterruptedException {
        return send("POST", query, body, headers);
    }

    HttpResponse<String> send(String method, String query, String body, String... headers)
            throws IOException, InterruptedException {
        return http.send(request(method, query, body, headers), HttpResponse.BodyHandlers.ofString());
    }

    CompletableFuture<HttpResponse<String>> getLater(String query) {
        return http.sendAsync(request("GET", query, ""), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest request(String method, String query, String body, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(base + "?" + query))
                .timeout(PATIENCE)
                .method(method, HttpRequest.BodyPublishers.ofString(body));
        if (headers.length > 0) {
            request.headers(headers);
        }
        return request.build();
    }

    /** The query of a new polling session. */
    String open() throws IOException, InterruptedException {
        String opened = get("EIO=4&transport=polling").body();
        return "EIO=4&transport=polling&sid=" + opened.replaceAll(".*\"sid\":\"([^\"]+)\".*", "$1");
    }

    /** The query of a new polling session that is in the main namespace. */
    String connect() throws IOException, InterruptedException {
        String session = open();
        post(session, "40");
        get(session);
        return session;
    }

    /** A WebSocket; what it got first is its handshake unless it joins a session. */
    Frames webSocket(String query) {
        Frames socket = new Frames(http, URI.create("ws" + base.toString().substring(4) + "?" + query));
        opened.add(socket);
        return socket;
    }

    /** Breaks off all WebSockets that are still open. */
    void abandon() {
        opened.forEach(Frames::abort);
        opened.clear();
    }

    /** A WebSocket that is in the main namespace. */
    Frames connectedWebSocket() {
        Frames socket = webSocket("EIO=4&transport=websocket");
        socket.next();
        socket.send("40");
        socket.next();
        return socket;
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    /** What comes over a WebSocket: text as it is, bytes in hexadecimal after {@code x}, the end as {@code close <code>}. */
    static final class Frames implements WebSocket.Listener {
        private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
        private final StringBuilder text = new StringBuilder();
        private final WebSocket socket;

        Frames(HttpClient http, URI uri) {
            socket = http.newWebSocketBuilder().buildAsync(uri, this).join();
        }

        void abort() {
            socket.abort();
        }

        void send(String frame) {
            socket.sendText(frame, true).join();
        }

        /** As {@link #send}, when the other side may have closed a moment ago. */
        void sendIfOpen(String frame) {
            socket.sendText(frame, true).exceptionally(_ -> socket).join();
        }

        /** As {@link #send(byte[])}, when the other side may have closed a moment ago. */
        void sendIfOpen(byte[] frame) {
            socket.sendBinary(ByteBuffer.wrap(frame), true)
                    .exceptionally(_ -> socket)
                    .join();
        }

        void send(byte[] frame) {
            socket.sendBinary(ByteBuffer.wrap(frame), true).join();
        }

        /** The next frame that is no ping. */
        String next() {
            String frame = nextWithPings();
            while (frame.equals("2")) {
                frame = nextWithPings();
            }
            return frame;
        }

        String nextWithPings() {
            try {
                @Nullable String frame = received.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                if (frame == null) {
                    throw new AssertionError("no frame came within " + PATIENCE);
                }
                return frame;
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted while waiting for a frame", interrupted);
            }
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            text.append(data);
            if (last) {
                received.add(text.toString());
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onBinary(WebSocket webSocket, ByteBuffer data, boolean last) {
            byte[] bytes = new byte[data.remaining()];
            data.get(bytes);
            received.add("x" + java.util.HexFormat.of().formatHex(bytes));
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            received.add("close " + code);
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable error) {
            received.add("error");
        }
    }
}
