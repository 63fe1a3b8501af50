package dev.tutti.scores;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The upstream as the workers see it: games over HTTP, prices over WebSocket. Safe for use by many threads. */
final class UpstreamClient {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final HttpClient http = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(PATIENCE)
            .build();
    private final URI address;

    /** One at {@code address}, a URL with http. */
    UpstreamClient(String address) {
        this.address = URI.create(address);
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
        Prices prices = new Prices(price);
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

    /** A connection to the upstream's prices, lines of a game and a price. */
    static final class Prices implements WebSocket.Listener, AutoCloseable {
        private final BiConsumer<String, Double> price;
        private final StringBuilder text = new StringBuilder();
        private volatile @Nullable WebSocket socket;
        private volatile boolean ended;

        Prices(BiConsumer<String, Double> price) {
            this.price = price;
        }

        /** Whether more may come. */
        boolean isOpen() {
            return !ended;
        }

        @Override
        public void onOpen(WebSocket webSocket) {
            socket = webSocket;
            webSocket.request(1);
        }

        @Override
        public @Nullable CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
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
