package dev.tutti.edge;

import dev.tutti.edge.http.Dispatcher;
import dev.tutti.edge.http.HttpWatch;
import dev.tutti.edge.http.StrictRequestDecoder;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.http.Http1ServerConfig;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerConfig;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.WebSocketServerConfig;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One event loop's share of the listening: there are as many as event loops, on the same port. */
final class HttpListener extends VerticleBase {
    private static final int BACKLOG = 4096;

    private final EdgeSettings settings;
    private final int wanted;
    private final Dispatcher dispatcher;
    private final HttpWatch watch;
    private final @Nullable TlsCertificate certificate;
    private final Http1ServerConfig http1;
    private volatile @Nullable HttpServer server;

    /** Listens on {@code port}, with TLS if it has a certificate; those with the same negative one share a port that is free. */
    HttpListener(
            EdgeSettings settings,
            int port,
            Dispatcher dispatcher,
            HttpWatch watch,
            @Nullable TlsCertificate certificate) {
        this.settings = settings;
        this.wanted = port;
        this.dispatcher = dispatcher;
        this.watch = watch;
        this.certificate = certificate;
        this.http1 = new Http1ServerConfig()
                .setMaxInitialLineLength(settings.sizes().uri())
                .setMaxHeaderSize(settings.sizes().headers())
                .setMaxChunkSize(64 * 1024);
    }

    @Override
    public Future<?> start() {
        HttpServer plain = certificate == null
                ? vertx.createHttpServer(serverConfig())
                : vertx.createHttpServer(serverConfig(), certificate.options());
        HttpServer listening = plain.connectionHandler(this::accepted)
                .requestHandler(dispatcher::handle)
                .invalidRequestHandler(dispatcher::handleInvalid);
        server = listening;
        return listening.listen(wanted, settings.host());
    }

    private void accepted(HttpConnection connection) {
        StrictRequestDecoder.install(connection, http1);
        watch.watch(connection);
    }

    /** The port it listens on. */
    int port() {
        HttpServer listening = server;
        return listening == null ? 0 : listening.actualPort();
    }

    /** Shows {@code newer} to those who connect from now on. */
    Future<?> show(TlsCertificate newer) {
        HttpServer listening = server;
        return listening == null ? Future.succeededFuture() : listening.updateSSLOptions(newer.options());
    }

    /** Accepts no more, and closes each connection when it has its answer, or {@code bound} is over. */
    Future<Void> shutdown(Duration bound) {
        HttpServer listening = server;
        return listening == null ? Future.succeededFuture() : listening.shutdown(bound);
    }

    private HttpServerConfig serverConfig() {
        HttpServerConfig config = new HttpServerConfig()
                .setVersions(HttpVersion.HTTP_1_0, HttpVersion.HTTP_1_1)
                .setHandle100ContinueAutomatically(true)
                .setHttp1Config(http1)
                // WebSockets are opened by flow.WebSocketUpgrade; what Vert.x would add to each pipeline is not needed
                .setWebSocketConfig(new WebSocketServerConfig()
                        .setUsePerFrameCompression(false)
                        .setUsePerMessageCompression(false));
        config.getTcpConfig().setAcceptBacklog(BACKLOG);
        return config;
    }
}
