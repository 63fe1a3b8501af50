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
 * An HTTP server on the loopback address, for tests. Each request is answered on its own virtual thread; the number of simultaneous
 * requests is not bounded. Safe for use by many threads.
 */
public final class LoopbackServer implements AutoCloseable {
    /** Answers requests. */
    @FunctionalInterface
    public interface Answering {
        /**
         * Answers one request, on a virtual thread; may block. The server closes the exchange afterwards.
         *
         * @throws InterruptedException if the server is closed meanwhile
         */
        void answer(HttpExchange exchange) throws IOException, InterruptedException;
    }

    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    /**
     * Starts a server at a free port. It answers 404 where no handler was added.
     *
     * @throws IOException if the server cannot listen
     */
    public LoopbackServer() throws IOException {
        this(0);
    }

    /**
     * Starts a server at {@code port}.
     *
     * @throws IOException if the port is in use
     */
    public LoopbackServer(int port) throws IOException {
        this(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0));
    }

    /**
     * Starts a server with TLS at a free port.
     *
     * @throws IOException if the server cannot listen
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

    /** Lets {@code answering} answer requests for {@code path} and paths that begin with it. Call it once for each path. */
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

    /** Answers with {@code status}, and {@code body} in UTF-8; without a body if it is empty. */
    public static void answer(HttpExchange exchange, int status, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    /** The port of the server. */
    public int port() {
        return server.getAddress().getPort();
    }

    /** The URL of a server without TLS, without a slash at the end. */
    public String url() {
        return "http://127.0.0.1:" + port();
    }

    /** Stops the server, and interrupts the handlers. Idempotent. */
    @Override
    public void close() {
        if (!threads.isShutdown()) {
            server.stop(0);
            threads.shutdownNow();
        }
    }
}
