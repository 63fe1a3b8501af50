package dev.tutti.cli.cluster;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import io.vertx.httpproxy.HttpProxy;
import io.vertx.httpproxy.ProxyContext;
import io.vertx.httpproxy.ProxyInterceptor;
import io.vertx.httpproxy.ProxyResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Vert.x' HTTP proxy in this very process as the balancer: for machines with neither nginx nor HAProxy. A worker that refuses a
 * connection is skipped. Its requests run on event loops of its own.
 */
final class LibraryBalancer implements Balancer {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    /** Longer than the workers may take to leave, 10 minutes at most: they decide when requests are over, and then {@link #end} is due. */
    private static final Duration LEAVING_LIMIT = Duration.ofMinutes(11);

    private static final int CONNECT_MILLIS = 2_000;
    private static final int CONNECTIONS_PER_WORKER = 20_000;

    private final Address listen;
    private final Vertx vertx = Vertx.vertx();
    private final HttpServer server;
    private final AtomicInteger turn = new AtomicInteger();
    private volatile List<Upstream> workers = List.of();

    LibraryBalancer(BalancerParts parts) {
        listen = parts.listen();
        HttpProxy proxy = HttpProxy.reverseProxy(vertx.createHttpClient(
                        new HttpClientOptions().setConnectTimeout(CONNECT_MILLIS),
                        new PoolOptions().setHttp1MaxSize(CONNECTIONS_PER_WORKER)))
                .origin(this::connect)
                .addInterceptor(new Forwarded(), true);
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost(listen.host()).setPort(listen.port()))
                .requestHandler(proxy);
    }

    @Override
    public String name() {
        return "library";
    }

    @Override
    public void start(List<Upstream> upstreams) throws InterruptedException {
        workers = List.copyOf(upstreams);
        done(server.listen(), LIMIT);
    }

    @Override
    public void route(List<Upstream> upstreams) {
        workers = List.copyOf(upstreams);
    }

    @Override
    public void leave() {
        server.shutdown(LEAVING_LIMIT.toSeconds(), TimeUnit.SECONDS);
    }

    @Override
    public void end(Duration budget) throws InterruptedException {
        done(vertx.close(), budget.plus(LIMIT));
    }

    @Override
    public String standing() {
        return "ready on " + listen + " in this process";
    }

    /** The next worker in turn, or one behind it that accepts the connection. */
    private Future<HttpClientRequest> connect(ProxyContext context) {
        List<Upstream> all = workers;
        int first = Math.floorMod(turn.getAndIncrement(), all.size());
        List<Upstream> inTurn = new ArrayList<>(all.subList(first, all.size()));
        inTurn.addAll(all.subList(0, first));
        return connect(context, inTurn);
    }

    private static Future<HttpClientRequest> connect(ProxyContext context, List<Upstream> inTurn) {
        Address address = inTurn.getFirst().address();
        RequestOptions options =
                new RequestOptions().setServer(SocketAddress.inetSocketAddress(address.port(), address.host()));
        Future<HttpClientRequest> request = context.client().request(options);
        return inTurn.size() == 1 ? request : request.recover(_ -> connect(context, inTurn.subList(1, inTurn.size())));
    }

    /** Tells workers for whom they work. */
    private static final class Forwarded implements ProxyInterceptor {
        @Override
        public Future<ProxyResponse> handleProxyRequest(ProxyContext context) {
            HttpServerRequest client = context.request().proxiedRequest();
            String address = client.remoteAddress().hostAddress();
            String before = client.getHeader("X-Forwarded-For");
            context.request()
                    .setAuthority(client.authority())
                    .putHeader("X-Forwarded-For", before == null ? address : before + ", " + address)
                    .putHeader("X-Forwarded-Proto", client.isSSL() ? "https" : "http");
            Optional.ofNullable(client.getHeader("Host"))
                    .ifPresent(host -> context.request().putHeader("X-Forwarded-Host", host));
            return context.sendRequest();
        }
    }

    private void done(Future<?> future, Duration limit) throws InterruptedException {
        try {
            future.toCompletionStage().toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            throw new TuttiException(
                    ErrorCode.UNAVAILABLE,
                    "the balancer on " + listen + " does not start or end: " + failure.getMessage(),
                    failure);
        }
    }
}
