package dev.tutti.redis;

import dev.tutti.concurrent.Backoff;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import io.lettuce.core.RedisException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.pubsub.RedisPubSubAdapter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one server, or to whichever is Sentinel's master, which comes back by itself: it opens a new {@link RedisConnectionPair}
 * when one is lost or the server stops answering, subscribes again, and then tells the receiver of the gap. One
 * platform thread does that.
 */
final class RedisNode implements RedisTransport {
    private static final Logger log = LoggerFactory.getLogger(RedisNode.class);
    private static final Duration PING_EVERY = Duration.ofSeconds(2);
    private static final Duration SILENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);
    private static final Backoff BACKOFF = new Backoff(Duration.ofMillis(50), LONGEST_PAUSE);

    private final RedisConnector connector;
    private final Supplier<RedisURI> where;
    private final boolean sharded;
    private final Receiver receiver;
    private final Runnable moved;
    /** Changed under its own lock, in the order in which subscriptions are sent; read by anybody. */
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();

    private final Set<String> refused = new HashSet<>(); // by the link that there is; guarded by "wanted"
    private final AtomicInteger behind = new AtomicInteger(); // subscriptions that were lost and are being restored
    private final Loop loop;
    private final OutageLog outage; // of the thread of the loop
    private final CompletableFuture<Void> tried = new CompletableFuture<>(); // for the first time
    private int failures; // of the thread of the loop: since there was a link
    private final CompletableFuture<Void> closed = new CompletableFuture<>();
    private volatile @Nullable RedisConnectionPair link;
    private volatile @Nullable String failure; // of the last try, if it failed

    /**
     * Does not connect yet.
     *
     * @param where makes the address of the server
     * @param sharded whether it is a node of a cluster
     * @param moved runs when the server is away, or does not have a channel any more; must not block
     */
    RedisNode(RedisConnector connector, Supplier<RedisURI> where, boolean sharded, Receiver receiver, Runnable moved) {
        this.connector = connector;
        this.where = where;
        this.sharded = sharded;
        this.receiver = receiver;
        this.moved = moved;
        this.outage = new OutageLog(
                "The " + connector.use().title() + " has no connection to " + where.get() + "; "
                        + connector.use().loss(),
                "The " + connector.use().title() + " has a connection to " + where.get() + " again");
        this.loop = new Loop(Loop.platform("tutti-redis-node"), LONGEST_PAUSE, this::keep);
    }

    @Override
    public void open() {
        connect();
        loop.start();
    }

    @Override
    public CompletionStage<Void> openLater() {
        behind.incrementAndGet();
        loop.start();
        return tried;
    }

    @Override
    public void subscribe(String channel) {
        synchronized (wanted) {
            if (wanted.add(channel)) {
                var _ = subscribed(channel);
            }
        }
    }

    /** Subscribes to what was heard elsewhere until now, or not at all, and then tells of the gap. */
    void adopt(Collection<String> channels) {
        behind.incrementAndGet();
        List<CompletableFuture<Void>> subscribed = new ArrayList<>();
        synchronized (wanted) {
            for (String channel : channels) {
                wanted.add(channel);
                subscribed.add(subscribed(channel));
            }
        }
        var _ = CompletableFuture.allOf(subscribed.toArray(CompletableFuture[]::new))
                .whenComplete((_, _) -> {
                    if (subscribed.stream().allMatch(CompletableFuture::isCompletedExceptionally)) {
                        behind.decrementAndGet(); // there is nothing new to be heard yet
                    } else {
                        caughtUp();
                    }
                });
    }

    /** Asks again for what a server has refused that was busy with a script, or had lost a slot: nobody else would. */
    private void adoptRefused() {
        synchronized (wanted) {
            refused.retainAll(wanted);
            List<String> again = List.copyOf(refused);
            refused.clear();
            if (!again.isEmpty()) {
                adopt(again);
            }
        }
    }

    private CompletableFuture<Void> subscribed(String channel) {
        RedisConnectionPair current = link;
        if (current == null) {
            return CompletableFuture.completedFuture(null); // it will be when there is a link
        }
        return current.subscribe(channel).toCompletableFuture().whenComplete((_, failure) -> {
            if (failure != null) {
                refused(channel, current);
                moved.run();
            }
        });
    }

    private void refused(String channel, RedisConnectionPair by) {
        synchronized (wanted) {
            if (link == by) { // another subscribes to all by itself
                refused.add(channel);
            }
        }
    }

    private void caughtUp() {
        try {
            receiver.gap();
        } finally {
            behind.decrementAndGet();
        }
    }

    @Override
    public void unsubscribe(String channel) {
        synchronized (wanted) {
            RedisConnectionPair current = link;
            if (wanted.remove(channel) && current != null) {
                CompletionStage<Void> _ = current.unsubscribe(channel);
            }
        }
    }

    @Override
    public CompletionStage<Long> publish(String channel, byte[] frame) {
        RedisConnectionPair current = link;
        return current == null
                ? CompletableFuture.failedFuture(new RedisException("no connection"))
                : current.publish(channel, frame);
    }

    @Override
    public <T> CompletionStage<T> command(
            String key, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        RedisConnectionPair current = link;
        return current == null
                ? CompletableFuture.failedFuture(new RedisException("no connection"))
                : current.command(command);
    }

    @Override
    public void reconnect() {
        RedisConnectionPair current = link;
        if (current != null) {
            current.leave();
        }
    }

    @Override
    public boolean answers(Duration patience) {
        RedisConnectionPair current = link;
        return current != null && current.answers(patience);
    }

    @Override
    public Optional<String> failure() {
        return Optional.ofNullable(failure);
    }

    /** This server's answer about its cluster's nodes; fails without a connection. */
    CompletionStage<String> nodes() {
        RedisConnectionPair current = link;
        return current == null ? CompletableFuture.failedFuture(new RedisException("no connection")) : current.nodes();
    }

    private Duration keep() {
        RedisConnectionPair current = link;
        if (current != null) {
            boolean lost =
                    Futures.done(current.lost(), PING_EVERY) || !current.answers(SILENCE) || !current.isMaster(SILENCE);
            if (lost && !closed.isDone()) { // who closes this wakes it up, and closes the link
                lose(current);
            } else if (!lost) {
                adoptRefused();
            }
            return Duration.ZERO;
        }
        try {
            connect();
            caughtUp();
            failures = 0;
            failure = null;
            if (!outage.isAway()) {
                log.info("The {} has a connection to {}", connector.use().title(), where.get());
            }
            outage.succeeded();
            tried.complete(null);
            return Duration.ZERO;
        } catch (RedisException away) {
            String why = RedisFailure.why(away);
            failure = why;
            if (!closed.isDone()) { // who closes this ends a try, too
                outage.failed(new RedisException(why));
            }
            tried.completeExceptionally(away);
            failures++;
            return BACKOFF.jittered(failures); // all instances have lost the same server
        }
    }

    private void lose(RedisConnectionPair current) {
        log.warn(
                "The {} has lost its connection to {}; {}",
                connector.use().title(),
                where.get(),
                connector.use().loss());
        behind.incrementAndGet();
        link = null;
        current.close();
        receiver.unsent();
        moved.run();
    }

    /** Opens a link with all subscriptions. */
    private void connect() {
        RedisConnectionPair fresh = RedisConnectionPair.open(connector, where, sharded, new Listener());
        try {
            subscribeAgain(fresh);
        } catch (Throwable failure) {
            link = null;
            fresh.close();
            throw failure;
        }
    }

    private void subscribeAgain(RedisConnectionPair fresh) {
        if (!fresh.isMaster(RedisConnector.PATIENCE)) {
            throw new RedisException("the server is not a master");
        }
        List<CompletableFuture<Void>> subscribed = new ArrayList<>();
        synchronized (wanted) {
            link = fresh;
            refused.clear();
            wanted.forEach(channel -> subscribed.add(subscribed(channel)));
        }
        // one that fails has moved to another server, fails again with the connection, or is asked for again
        CompletableFuture<Void> all = CompletableFuture.allOf(subscribed.toArray(CompletableFuture[]::new));
        boolean answered = Futures.done(all.exceptionally(_ -> null), RedisConnector.PATIENCE);
        if (!answered || closed.isDone()) {
            throw new RedisException("no answer to " + subscribed.size() + " subscriptions");
        }
    }

    /** On the connection's thread. */
    private final class Listener extends RedisPubSubAdapter<String, byte[]> {
        @Override
        public void message(String channel, byte[] frame) {
            if (!wanted.contains(channel)) {
                return; // heard elsewhere by now: a master that was demoted gets all of its successor's messages
            }
            if (behind.get() > 0) {
                receiver.gap(); // what comes before the last subscription is there again comes behind the loss, too
            }
            receiver.frame(channel, frame);
        }

        @Override
        public void smessage(String channel, byte[] frame) {
            message(channel, frame);
        }

        /** The server says so also by itself, when it gives channels to another one. */
        @Override
        public void sunsubscribed(String channel, long count) {
            if (wanted.contains(channel)) {
                adopt(List.of(channel));
            }
        }
    }

    @Override
    public void close() {
        closed.complete(null);
        loop.close(Duration.ZERO);
        boolean ended = loop.ended(RedisConnector.PATIENCE);
        assert ended;
        RedisConnectionPair last = link;
        link = null;
        if (last != null) {
            last.close();
        }
    }
}
