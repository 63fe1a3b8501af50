package dev.tutti.edge;

import dev.tutti.ErrorCode;
import dev.tutti.TuttiException;
import dev.tutti.core.limit.Shares;
import dev.tutti.edge.http.ConnectionTimes;
import dev.tutti.edge.http.Dispatcher;
import dev.tutti.edge.http.HttpWatch;
import dev.tutti.edge.http.RequestBounds;
import dev.tutti.edge.http.Site;
import dev.tutti.edge.http.TrustedProxies;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import java.net.BindException;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * One port with the acceptor and the event loops behind it, the watch on its connections and the dispatcher of its requests. No other
 * port has them, so what keeps these busy delays nobody who asks at another one. Safe for use by many threads; methods that block say so.
 */
final class ListeningPort {
    private static final int ANY_PORT = -1; // Vert.x' listeners with the same negative number share a port that is free

    private final EdgeSettings settings;
    private final int eventLoops;
    private final Clock clock;
    private final HttpWatch watch;
    private final Dispatcher dispatcher;
    private final WatchedTransport transport;
    private final Vertx vertx;
    private final List<HttpListener> listeners = new CopyOnWriteArrayList<>();
    private volatile @Nullable TlsReload reload;

    /**
     * One with so many event loops, which answers with {@code site} on as many TCP connections as {@code sockets} has; nothing listens
     * before {@link #open}.
     */
    ListeningPort(EdgeParts parts, Site site, int eventLoops, Shares sockets, TrustedProxies proxies) {
        this.settings = parts.settings();
        this.eventLoops = eventLoops;
        this.clock = parts.clock();
        this.watch =
                new HttpWatch(sockets, proxies, times(settings), parts.flow().metrics(), parts.ticker(), parts.tutti());
        this.dispatcher =
                new Dispatcher(parts.tutti(), requests(settings), site, parts.flow(), proxies, parts.ticker());
        this.transport = WatchedTransport.best(watch);
        this.vertx = Vertx.builder()
                .with(new VertxOptions()
                        .setEventLoopPoolSize(eventLoops)
                        .setWorkerPoolSize(1)
                        .setInternalBlockingPoolSize(1)
                        .setFileSystemOptions(new FileSystemOptions()
                                .setFileCachingEnabled(false)
                                .setClassPathResolvingEnabled(false)))
                .withTransport(transport)
                .build();
    }

    private static ConnectionTimes times(EdgeSettings settings) {
        return new ConnectionTimes(
                settings.times().request(),
                settings.times().authentication(),
                settings.times().idle());
    }

    private static RequestBounds requests(EdgeSettings settings) {
        return new RequestBounds(
                settings.maxRequests(),
                settings.admission().addressPercent(),
                settings.times().handler(),
                settings.sizes().message(),
                settings.times().request(),
                settings.origins());
    }

    /**
     * Listens on {@code port}, 0 for any that is free. Blocks.
     *
     * @param setting the one that says the port
     * @throws TuttiException if the port cannot be listened on; the message names it
     */
    void open(String setting, int port) {
        listen(setting, port, null);
    }

    /** The same with TLS; the certificate's files are looked at again and again. */
    void open(String setting, int port, TlsFiles files) {
        TlsCertificate first = TlsCertificate.read(files, vertx);
        listen(setting, port, first);
        reload = new TlsReload(files, vertx, clock, settings.times().certificateCheck(), first, this::show);
    }

    private void show(TlsCertificate certificate) {
        Future.join(listeners.stream()
                        .map(listener -> listener.show(certificate))
                        .toList())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    /** Looks at once whether the certificate's files have changed. Blocks. */
    void reload() {
        TlsReload begun = reload;
        if (begun != null) {
            begun.look();
        }
    }

    private void listen(String setting, int port, @Nullable TlsCertificate certificate) {
        Future<String> deployed = vertx.deployVerticle(
                () -> {
                    HttpListener listener =
                            new HttpListener(settings, port == 0 ? ANY_PORT : port, dispatcher, watch, certificate);
                    listeners.add(listener);
                    return listener;
                },
                new DeploymentOptions().setInstances(eventLoops));
        try {
            deployed.toCompletionStage().toCompletableFuture().join();
        } catch (CompletionException failure) {
            throw notListening(setting, port, failure.getCause() == null ? failure : failure.getCause());
        }
    }

    private TuttiException notListening(String setting, int port, Throwable cause) {
        boolean taken = cause instanceof BindException
                || String.valueOf(cause.getMessage()).contains("Address already in use");
        String where = setting + " " + port + " at HOST " + settings.host();
        return new TuttiException(
                ErrorCode.UNAVAILABLE,
                taken
                        ? where + " is in use by another process; stop that one, or set " + setting + " to a free one"
                        : where + " cannot be listened on: " + cause.getMessage(),
                cause);
    }

    /** The port it listens on. */
    int number() {
        return listeners.getFirst().port();
    }

    boolean isNativeTransport() {
        return transport.isNative();
    }

    /** Asks clients to connect anew for their next request, from now on. */
    void leave() {
        dispatcher.leave();
    }

    /** Accepts no more, and closes each connection when it has its answer, or {@code bound} is over. Does not block. */
    Future<?> shutdown(Duration bound) {
        return Future.join(
                listeners.stream().map(listener -> listener.shutdown(bound)).toList());
    }

    /** Ends the watch, the threads of the operator's routes and the event loops. Does not wait for that. */
    Future<Void> close() {
        watch.close();
        dispatcher.close();
        TlsReload begun = reload;
        if (begun != null) {
            begun.close();
        }
        return vertx.close();
    }
}
