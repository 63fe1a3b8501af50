package dev.tutti.redis;

import dev.tutti.TuttiException;
import dev.tutti.bus.Bus;
import dev.tutti.bus.BusCounts;
import dev.tutti.bus.BusListener;
import dev.tutti.bus.BusReceiver;
import dev.tutti.bus.Reconnecting;
import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Failures;
import dev.tutti.concurrent.HeapShare;
import dev.tutti.concurrent.OncePerMinute;
import io.lettuce.core.RedisException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bus of Redis's publish and subscribe: a channel per topic, through one server, Sentinel's master, or a cluster of Redis 7. At
 * most 10,000 messages are on the way to Redis at a time, of a {@linkplain HeapShare#BUS_SENT share of the heap}; any message
 * beyond that is dropped, and with the next message those who hear it are told. Safe for use by many threads.
 */
public final class RedisBus implements Bus, Reconnecting, RedisPart {
    private static final Logger log = LoggerFactory.getLogger(RedisBus.class);
    private static final int MAX_MESSAGES = 10_000;
    private static final int MAX_SENDERS = 1_024;
    private static final Duration GOODBYE = Duration.ofSeconds(1);
    private static final Duration POLL = Duration.ofMillis(50);

    private final RedisSettings settings;
    private final long self = new SecureRandom().nextLong();
    private final String name = "tutti-bus-" + Long.toHexString(self);
    private final Set<String> topics = ConcurrentHashMap.newKeySet();
    private final Object changes =
            new Object(); // so that the transport hears of them in the order of those of the topics
    private final Semaphore messages = new Semaphore(MAX_MESSAGES);
    private final Semaphore kibibytes = new Semaphore((int) (HeapShare.BUS_SENT.bytes() / 1024));
    private final AtomicInteger losses = new AtomicInteger(); // of messages of this instance
    private final ConcurrentHashMap<Long, Integer> lossesOfOthers = new ConcurrentHashMap<>(); // by sender
    private final LongAdder foreign = new LongAdder();
    private final OncePerMinute foreignLine = new OncePerMinute();
    private final LongAdder published = new LongAdder();
    private final LongAdder dropped = new LongAdder();
    private final CompletableFuture<Void> probed = new CompletableFuture<>();
    private final RedisConnector connector;
    private final RedisTransport transport;
    private volatile @Nullable BusReceiver busReceiver;
    private volatile boolean closed;

    /** Does not connect yet. */
    public RedisBus(RedisSettings settings) {
        this(settings, UnaryOperator.identity());
    }

    /** As above, by way of what {@code between} makes of the transport. */
    RedisBus(RedisSettings settings, UnaryOperator<RedisTransport> between) {
        this.settings = settings;
        connector = new RedisConnector(settings, name, RedisUse.BUS);
        Receiver receiver = new Receiver();
        RedisAddress address = settings.address();
        transport = between.apply(
                switch (address.kind()) {
                    case SERVER, SENTINEL -> new RedisNode(connector, address::server, false, receiver, () -> {});
                    case CLUSTER -> new RedisCluster(connector, address, receiver);
                });
    }

    @Override
    public void start(BusListener listener) {
        busReceiver = new BusReceiver("tutti-redis-receiver", listener);
        try {
            transport.open();
            probe();
        } catch (RedisException failure) {
            close();
            throw RedisFailure.of(settings.address(), RedisUse.BUS, failure);
        } catch (TuttiException failure) {
            close();
            throw failure;
        }
    }

    @Override
    public void reconnect() {
        transport.reconnect();
    }

    /** Sends itself a message until one comes back. */
    private void probe() {
        String channel = settings.prefix() + name;
        transport.subscribe(channel);
        Deadline end = Deadline.in(RedisConnector.PATIENCE);
        while (!Futures.done(probed, POLL)) {
            if (end.isOver()) {
                throw RedisFailure.silence(settings.address());
            }
            transport.publish(channel, new RedisFrame(self, 0, new byte[0]).encode());
        }
        transport.unsubscribe(channel);
    }

    @Override
    public void subscribe(String topic) {
        check(topic, 0);
        synchronized (changes) {
            if (topics.add(topic)) {
                transport.subscribe(settings.prefix() + topic);
            }
        }
    }

    @Override
    public void unsubscribe(String topic) {
        synchronized (changes) {
            if (topics.remove(topic)) {
                transport.unsubscribe(settings.prefix() + topic);
            }
        }
    }

    @Override
    public void publish(String topic, byte[] payload) {
        check(topic, payload.length);
        int size = 1 + (payload.length + topic.length()) / 1024;
        if (closed || !messages.tryAcquire()) {
            lose();
        } else if (!kibibytes.tryAcquire(size)) {
            messages.release();
            lose();
        } else {
            var _ = send(topic, payload).whenComplete((_, failure) -> {
                messages.release();
                kibibytes.release(size);
                if (failure == null) {
                    published.increment();
                } else {
                    lose();
                }
            });
        }
    }

    private CompletionStage<Long> send(String topic, byte[] payload) {
        try {
            return transport.publish(settings.prefix() + topic, new RedisFrame(self, losses.get(), payload).encode());
        } catch (Throwable failure) { // not the caller's: the message is lost, as one without a connection is
            Failures.note("Sending a message to Redis", failure);
            return CompletableFuture.failedFuture(failure);
        }
    }

    private static void check(String topic, int bytes) {
        if (topic.length() > MAX_TOPIC || bytes > MAX_PAYLOAD) {
            throw new IllegalArgumentException("a topic of " + topic.length() + " characters with " + bytes
                    + " bytes; allowed are " + MAX_TOPIC + " and " + MAX_PAYLOAD);
        }
    }

    private void lose() {
        dropped.increment();
        losses.incrementAndGet();
    }

    /** The receiver of frames, on the threads of the connections. */
    private final class Receiver implements RedisTransport.Receiver {
        @Override
        public void frame(String channel, byte[] bytes) {
            RedisFrame frame = RedisFrame.decode(bytes).orElse(null);
            BusReceiver to = busReceiver;
            if (frame == null) {
                foreign.increment();
                if (foreignLine.now()) {
                    log.warn(
                            "Another version of this server, or somebody else, publishes on channel {} of this bus; if"
                                    + " it is somebody else, give one of the two another TUTTI_REDIS_PREFIX",
                            channel);
                }
            } else if (frame.sender() == self) {
                probed.complete(null); // nothing else comes back that matters
            } else if (to != null) {
                if (hasLost(frame)) {
                    to.gap();
                }
                String topic = channel.substring(settings.prefix().length());
                if (topics.contains(topic)) {
                    to.add(topic, frame.payload());
                }
            }
        }

        private boolean hasLost(RedisFrame frame) {
            Integer before = lossesOfOthers.get(frame.sender());
            if (before != null && before == frame.losses()) {
                return false;
            }
            if (lossesOfOthers.size() >= MAX_SENDERS) {
                lossesOfOthers.clear(); // of instances that are gone, most of them
            }
            lossesOfOthers.put(frame.sender(), frame.losses());
            return before != null || frame.losses() > 0;
        }

        @Override
        public void gap() {
            BusReceiver to = busReceiver;
            if (to != null) {
                to.gap();
            }
        }

        @Override
        public void unsent() {
            losses.incrementAndGet();
        }
    }

    /** Whether Redis answers within a second. Blocks until it is known. */
    @Override
    public boolean ping() {
        return !closed && transport.answers(GOODBYE);
    }

    @Override
    public Optional<String> failure() {
        return transport.failure();
    }

    /** The name of its connections in {@code CLIENT LIST}. */
    String name() {
        return name;
    }

    @Override
    public BusCounts counts() {
        BusReceiver current = busReceiver;
        return new BusCounts(
                published.sum(),
                current == null ? 0 : current.received(),
                dropped.sum() + (current == null ? 0 : current.dropped()),
                0,
                foreign.sum());
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        try {
            boolean sent = messages.tryAcquire(MAX_MESSAGES, GOODBYE.toMillis(), TimeUnit.MILLISECONDS);
            log.debug("What was on the way to Redis has arrived: {}", sent);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        transport.close();
        connector.close();
        BusReceiver last = busReceiver;
        if (last != null) {
            last.close();
        }
    }
}
