package dev.tutti.testkit.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SSLContext;

/**
 * An HTTP server of a test on the loopback address. Each request is answered on a virtual thread of its own, as many at a time as
 * come. Safe for use by many threads.
 */
public final class LoopbackServer implements AutoCloseable {
    /** Answers requests. */
    @FunctionalInterface
    public interface Answering {
        /**
         * Answers one, which is closed afterwards, also if nothing was answered.
         *
         * @throws InterruptedException if the server is closed meanwhile
         */
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * One at a free port, which answers 404 at first.
     *
     * @throws IOException if there is none
     */
    public LoopbackServer() throws IOException {
        this(0);
    }

    /**
     * One at {@code port}.
     *
     * @throws IOException if it is taken
     */
    public LoopbackServer(int port) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
    }

    /**
     * One at a free port that speaks TLS.
     *
     * @throws IOException if there is none
     */
    public LoopbackServer(SSLContext tls) throws IOException {
        this(secure(tls));
    }

    private LoopbackServer(HttpServer server) {
        this.server = server;
        server.setExecutor(threads);
        server.start();
    }

    private static HttpServer secure(SSLContext tls) throws IOException {
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(tls));
        return server;
    }

    /** Has {@code answering} answer what is asked at {@code path} and below; each path once. */
    public LoopbackServer on(String path, Answering answering) {
        server.createContext(path, exchange -> {
            try (exchange) {
                answering.answer(exchange);
            } catch (InterruptedException closed) {
                Thread.currentThread().interrupt();
            }
        });
        return this;
    }

    /** Answers with {@code status} and {@code body}, in UTF-8; without a body if that is empty. */
    public static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The port at which it listens. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** Where it is, without a slash at the end; of one that speaks TLS this is not the URL. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Ends it, and interrupts those who answer. Idempotent. */
    @Override
    public void close() {
        if (!threads.isShutdown()) {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
