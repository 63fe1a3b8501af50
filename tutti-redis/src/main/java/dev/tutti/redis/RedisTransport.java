package dev.tutti.redis;

import io.lettuce.core.RedisException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;

/** Carries frames through channels, of one server or of many. Safe for use by many threads; blocking methods say so. */
interface RedisTransport extends AutoCloseable {
    /** Hears what comes, on the threads of the connections: each of these keeps its order. Must not block. */
    interface Receiver {
        /** For those that subscribe to nothing. */
        Receiver NOTHING = new Receiver() {
            @Override
            public void frame(String channel, byte[] frame) {}

            @Override
            public void gap() {}

            @Override
            public void unsent() {}
        };

        /** A frame has come. */
        void frame(String channel, byte[] frame);

        /** Frames may have been lost up to now. */
        void gap();

        /** Frames that were sent may have been lost. */
        void unsent();
    }

    /** One for commands alone to {@code address}, which does not connect yet. */
    static RedisTransport forCommands(RedisConnector connector, RedisAddress address) {
        return switch (address.kind()) {
            case SERVER, SENTINEL -> new RedisNode(connector, address::server, false, Receiver.NOTHING, () -> {});
            case CLUSTER -> new RedisCluster(connector, address, Receiver.NOTHING);
        };
    }

    /**
     * Connects. Blocks for some seconds at most; called once, first.
     *
     * @throws RedisException if that is not possible
     */
    void open();

    /**
     * Connects as soon as it can; nobody has to wait. Frames that were lost until then are told as a gap. Called instead of
     * {@link #open}.
     *
     * @return how the first try ends: it fails with a {@link RedisException}, and others follow
     */
    CompletionStage<Void> openLater();

    /** Receives {@code channel}, now and after each reconnection. */
    void subscribe(String channel);

    /** Receives it no more. */
    void unsubscribe(String channel);

    /** Sends; how many heard it on the server that took it. Fails without a connection, and when it is lost before. */
    CompletionStage<Long> publish(String channel, byte[] frame);

    /** Runs {@code command} at the server that has {@code key}. Fails without a connection, and when it is lost before. */
    <T> CompletionStage<T> command(
            String key, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command);

    /** Opens other connections instead of these, soon. Does not block. */
    void reconnect();

    /** Whether all servers answer. Blocks for {@code patience} at most. */
    boolean answers(Duration patience);

    /** Why the last try to connect failed, in words for an operator; empty where it did not, or is the first. */
    Optional<String> failure();

    /** Blocks for a moment. Idempotent. */
    @Override
    void close();
}
