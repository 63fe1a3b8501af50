package dev.tutti.redis;

import io.lettuce.core.api.async.RedisAsyncCommands;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;

/** Another transport, which leaves a channel when the test says so, and refuses to send while it shall. Safe for use by many threads. */
final class GatedTransport implements RedisTransport {
    private final RedisTransport transport;
    private volatile CountDownLatch gate = new CountDownLatch(0);
    private volatile boolean holding;
    private volatile boolean refusing;

    GatedTransport(RedisTransport transport) {
        this.transport = transport;
    }

    /** Keeps those who leave a channel from now on before they have, until {@link #release}. */
    void hold() {
        gate = new CountDownLatch(1);
    }

    /** Whether somebody has come to the gate since {@link #hold}. */
    boolean isHolding() {
        return holding;
    }

    void release() {
        gate.countDown();
    }

    /** Whether it throws instead of sending, as a client does whose threads have ended. */
    void refuse(boolean now) {
        refusing = now;
    }

    @Override
    public void open() {
        transport.open();
    }

    @Override
    public CompletionStage<Void> openLater() {
        return transport.openLater();
    }

    @Override
    public void subscribe(String channel) {
        transport.subscribe(channel);
    }

    @Override
    public void unsubscribe(String channel) {
        CountDownLatch now = gate;
        holding = now.getCount() > 0;
        try {
            now.await();
        } catch (InterruptedException toEnd) {
            Thread.currentThread().interrupt();
        }
        transport.unsubscribe(channel);
    }

    @Override
    public CompletionStage<Long> publish(String channel, byte[] frame) {
        if (refusing) {
            throw new RejectedExecutionException("the client has no threads");
        }
        return transport.publish(channel, frame);
    }

    @Override
    public <T> CompletionStage<T> command(
            String key, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        return transport.command(key, command);
    }

    @Override
    public void reconnect() {
        transport.reconnect();
    }

    @Override
    public boolean answers(Duration patience) {
        return transport.answers(patience);
    }

    @Override
    public Optional<String> failure() {
        return transport.failure();
    }

    @Override
    public void close() {
        transport.close();
    }
}
