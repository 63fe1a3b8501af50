package dev.tutti.redis;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisConnectionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.SslOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.RedisCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Opens connections that stay closed once they are: commands that were under way then are lost instead of repeated, as a bus
 * delivers at most once. Safe for use by many threads; opening blocks, for at most {@link #PATIENCE} and a little.
 */
final class RedisConnector implements AutoCloseable {
    /** How long Redis may take to answer. */
    static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final RedisCodec<String, byte[]> CODEC = RedisCodec.of(StringCodec.UTF8, ByteArrayCodec.INSTANCE);
    private static final int THREADS = 2;
    private static final int TRIES = 3;
    private static final Duration QUIET = Duration.ofSeconds(5);

    private final String name;
    private final RedisUse use;
    private final ClientResources resources;
    private final RedisClient client;

    /** Connections are called {@code name} in Redis's {@code CLIENT LIST}. */
    RedisConnector(RedisSettings settings, String name, RedisUse use) {
        this.name = name;
        this.use = use;
        SslOptions.Builder ssl = SslOptions.builder().jdkSslProvider().handshakeTimeout(PATIENCE);
        settings.authority().ifPresent(file -> ssl.trustManager(file.toFile()));
        resources = DefaultClientResources.builder()
                .ioThreadPoolSize(THREADS)
                .computationThreadPoolSize(THREADS)
                .build();
        client = RedisClient.create(resources);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.create()) // a timer per message would cost more than the message
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(PATIENCE)
                        .keepAlive(SocketOptions.KeepAliveOptions.builder()
                                .enable()
                                .idle(QUIET)
                                .interval(QUIET)
                                .count(2)
                                .build())
                        .build())
                .sslOptions(ssl.build())
                .build());
    }

    /** The use that the connections are for. */
    RedisUse use() {
        return use;
    }

    /** A connection for commands; {@code uri} is the connector's from now on. */
    StatefulRedisConnection<String, byte[]> connect(RedisURI uri) {
        return connected(() -> client.connect(CODEC, named(uri)));
    }

    /** A connection that hears; {@code uri} is the connector's from now on. */
    StatefulRedisPubSubConnection<String, byte[]> connectPubSub(RedisURI uri) {
        return connected(() -> client.connectPubSub(CODEC, named(uri)));
    }

    /**
     * Where a connection is refused sooner than Lettuce looks, it finds nothing left to ask for the reason, and says that
     * its own state is illegal; another try is refused for the same reason.
     */
    private static <C> C connected(Supplier<C> connect) {
        for (int tries = 1; ; tries++) {
            try {
                return connect.get();
            } catch (RedisConnectionException failure) {
                if (tries == TRIES || !(failure.getCause() instanceof IllegalStateException)) {
                    throw failure;
                }
            }
        }
    }

    private RedisURI named(RedisURI uri) {
        uri.setClientName(name);
        uri.setTimeout(PATIENCE);
        uri.getSentinels().forEach(sentinel -> sentinel.setTimeout(PATIENCE));
        return uri;
    }

    @Override
    public void close() {
        client.shutdown(Duration.ZERO, PATIENCE);
        boolean shutDown = resources
                .shutdown(0, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .awaitUninterruptibly(PATIENCE.toMillis());
        assert shutDown;
    }
}
