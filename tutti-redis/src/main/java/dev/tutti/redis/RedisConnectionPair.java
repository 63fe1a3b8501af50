package dev.tutti.redis;

import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubListener;
import io.lettuce.core.pubsub.StatefulRedisPubSubConnection;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The two connections to a server, one that sends and one that hears; when one is lost both are. Safe for use by many
 * threads.
 */
final class RedisConnectionPair implements AutoCloseable {
    private final StatefulRedisConnection<String, byte[]> sending;
    private final StatefulRedisPubSubConnection<String, byte[]> hearing;
    private final boolean sharded;
    private final CompletableFuture<Void> lost = new CompletableFuture<>();

    private RedisConnectionPair(
            StatefulRedisConnection<String, byte[]> sending,
            StatefulRedisPubSubConnection<String, byte[]> hearing,
            boolean sharded) {
        this.sending = sending;
        this.hearing = hearing;
        this.sharded = sharded;
        watch(sending);
        watch(hearing);
    }

    /**
     * Connects. Blocks.
     *
     * @param where makes the address of the server
     * @param sharded whether the commands of a cluster are used, by which a message stays on one node
     */
    static RedisConnectionPair open(
            RedisConnector connector,
            Supplier<RedisURI> where,
            boolean sharded,
            RedisPubSubListener<String, byte[]> listener) {
        StatefulRedisConnection<String, byte[]> sending = connector.connect(where.get());
        try {
            StatefulRedisPubSubConnection<String, byte[]> hearing = connector.connectPubSub(where.get());
            hearing.addListener(listener);
            return new RedisConnectionPair(sending, hearing, sharded);
        } catch (RuntimeException failure) {
            closed(sending);
            throw failure;
        }
    }

    private void watch(StatefulConnection<?, ?> connection) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> ignored) {
                lost.complete(null);
            }
        });
        if (!connection.isOpen()) {
            lost.complete(null);
        }
    }

    /** Done when a connection was lost. */
    CompletableFuture<Void> lost() {
        return lost;
    }

    CompletionStage<Void> subscribe(String channel) {
        return sharded ? hearing.async().ssubscribe(channel) : hearing.async().subscribe(channel);
    }

    CompletionStage<Void> unsubscribe(String channel) {
        return sharded ? hearing.async().sunsubscribe(channel) : hearing.async().unsubscribe(channel);
    }

    CompletionStage<Long> publish(String channel, byte[] frame) {
        return sharded
                ? sending.async().spublish(channel, frame)
                : sending.async().publish(channel, frame);
    }

    <T> CompletionStage<T> command(Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return command.apply(sending.async());
    }

    /** Whether the server answers on both connections. Blocks for {@code patience} at most. */
    boolean answers(Duration patience) {
        return Futures.done(
                CompletableFuture.allOf(
                        sending.async().ping().toCompletableFuture(),
                        hearing.async().ping().toCompletableFuture()),
                patience);
    }

    /** Lets it be lost. */
    void leave() {
        lost.complete(null);
    }

    /**
     * Whether the server takes the messages of all, as far as it says: one that was demoted hears and tells nobody, and
     * looks sound. Within a cluster the nodes say who is master of what. Blocks for {@code patience} at most.
     */
    boolean isMaster(Duration patience) {
        if (sharded) {
            return true;
        }
        CompletableFuture<Boolean> demoted = sending.async()
                .role()
                .toCompletableFuture()
                .thenApply(role -> !role.isEmpty() && "slave".equals(text(role.getFirst())))
                .exceptionally(_ -> false); // not allowed to ask, or lost, which is noticed elsewhere
        return !Futures.done(demoted, patience) || !demoted.join();
    }

    private static String text(Object word) {
        return word instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : String.valueOf(word);
    }

    /** The server's answer about its cluster's nodes. */
    CompletionStage<String> nodes() {
        return sending.async().clusterNodes();
    }

    @Override
    public void close() {
        lost.complete(null);
        closed(sending);
        closed(hearing);
    }

    private static void closed(StatefulConnection<?, ?> connection) {
        boolean inTime = Futures.done(connection.closeAsync(), RedisConnector.PATIENCE);
        assert inTime || !connection.isOpen();
    }
}
