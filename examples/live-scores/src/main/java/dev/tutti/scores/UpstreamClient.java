package dev.tutti.scores;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The upstream as the workers see it: games over HTTP, prices over WebSocket. Safe for use by many threads. */
final class UpstreamClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    /** A few seconds over the pause between two signs of life: the upstream tells prices all the time, and answers pings. */
    private static final Duration SILENCE = Duration.ofSeconds(6);

    private static final int PINGS = 3; // until silence is too long: one may be late

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI address;
    private final Duration silence;

    /** One at {@code address}, a URL with http. */
    UpstreamClient(String address) {
        this(address, SILENCE);
    }

    /** The same, which gives a WebSocket up through which nothing has come for {@code silence}. */
    UpstreamClient(String address, Duration silence) {
        this.address = URI.create(address);
        this.silence = silence;
    }

    /** The games, as JSON; {@code caller} is what asks, for the upstream's statistics. Blocks for some seconds at most. */
    String games(String caller) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(address.resolve("/games?" + caller))
                .timeout(PATIENCE)
                .build();
        HttpResponse<String> answer = http.send(request, HttpResponse.BodyHandlers.ofString());
        if (answer.statusCode() != 200) {
            throw new IOException("the upstream answers with status " + answer.statusCode());
        }
        return answer.body();
    }

    /** Gives {@code price} each price that comes until it is closed. Blocks until it is connected. */
    Prices prices(BiConsumer<String, Double> price) throws IOException {
        Prices prices = new Prices(price, silence);
        URI uri = URI.create(address.toString().replaceFirst("^http", "ws")).resolve("/prices");
        try {
            http.newWebSocketBuilder()
                    .connectTimeout(PATIENCE)
                    .buildAsync(uri, prices)
                    .join();
        } catch (CompletionException failure) {
            throw new IOException("the upstream's prices cannot be followed", failure);
        }
        return prices;
    }

    /**
     * A connection to the upstream's prices, lines of a game and a price. A host that is gone, or a network that drops what is sent,
     * closes no connection: without a ping and a bound for silence its reader waits for ever.
     */
    static final class Prices implements WebSocket.Listener, AutoCloseable {
        private final BiConsumer<String, Double> price;
        private final Duration silence;
        private final StringBuilder text = new StringBuilder();
        private volatile @Nullable WebSocket socket;
        private volatile long heard = System.nanoTime();
        private volatile boolean ended;
        private long pinged = heard; // the asking thread's

        Prices(BiConsumer<String, Double> price, Duration silence) {
            this.price = price;
            this.silence = silence;
        }

        /**
         * Whether more may come: it is not closed, and not silent for too long. Asks the upstream for a sign of life now and then, so it is
         * to be called several times in the silence that is borne, by one thread. Does not block.
         */
        boolean isAlive() {
            long now = System.nanoTime();
            WebSocket open = socket;
            if (open != null && now - pinged > silence.toNanos() / PINGS) {
                pinged = now;
                // one that cannot be sent is not answered, and that is seen below
                var _ = open.sendPing(ByteBuffer.allocate(0));
            }
            return !ended && now - heard <= silence.toNanos();
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            socket = webSocket;
            heard = System.nanoTime();
            webSocket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            heard = System.nanoTime();
            text.append(data);
            if (last) {
                int space = text.indexOf(" ");
                price.accept(text.substring(0, space), Double.valueOf(text.substring(space + 1)));
                text.setLength(0);
            }
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPong(WebSocket webSocket, ByteBuffer message) {
            heard = System.nanoTime();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onPing(WebSocket webSocket, ByteBuffer message) { // which the JDK answers
            heard = System.nanoTime();
            webSocket.request(1);
            return null;
        }

        @Override
        public @Nullable CompletionStage<?> onClose(WebSocket webSocket, int code, String reason) {
            ended = true;
            return null;
        }

        @Override
        public void onError(WebSocket webSocket, Throwable failure) {
            ended = true;
        }

        @Override
        public void close() {
            ended = true;
            WebSocket open = socket;
            if (open != null) {
                open.abort();
            }
        }
    }
}
