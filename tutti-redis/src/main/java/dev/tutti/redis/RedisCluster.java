package dev.tutti.redis;

import dev.tutti.concurrent.Deadline;
import dev.tutti.concurrent.Loop;
import dev.tutti.concurrent.OutageLog;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.async.RedisAsyncCommands;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The ways to the masters of a cluster: a channel belongs to the master of its slot (sharded pub/sub, Redis 7), and moves
 * with it. One platform thread looks now and then who is master of what, and sooner when something fails.
 */
final class RedisCluster implements RedisTransport {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(10);
    private static final Duration LOOK_AGAIN = Duration.ofMillis(500);

    private final RedisConnector connector;
    private final RedisAddress address;
    private final Receiver receiver;
    private final Semaphore trouble = new Semaphore(0);
    private final Loop loop = new Loop(Loop.platform("tutti-redis-cluster"), LOOK_AGAIN, this::keep);
    private final OutageLog outage; // of the thread of the loop
    private final CompletableFuture<Void> tried = new CompletableFuture<>(); // for the first time
    private Duration pause = LOOK_EVERY;
    private final Map<RedisAddress.Host, RedisNode> nodes = new HashMap<>(); // guarded by this
    private final Map<String, @Nullable RedisNode> wanted = new HashMap<>(); // by channel; guarded by this
    private volatile @Nullable RedisNode[] masters =
            new @Nullable RedisNode[SlotHash.SLOT_COUNT]; // replaced as a whole
    private volatile @Nullable String failure; // of the last look, if nobody answered
    private volatile boolean closed;

    /** Does not connect yet. */
    RedisCluster(RedisConnector connector, RedisAddress address, Receiver receiver) {
        this.connector = connector;
        this.address = address;
        this.receiver = receiver;
        this.outage = new OutageLog(
                "The " + connector.use().title() + " finds no node of the cluster at " + address + "; "
                        + connector.use().loss(),
                "The " + connector.use().title() + " finds the nodes of the cluster at " + address + " again");
    }

    @Override
    public void open() {
        route(RedisSlots.of(Map.of(), address.hosts(), connector, address));
        loop.start();
    }

    @Override
    public CompletionStage<Void> openLater() {
        trouble.release();
        loop.start();
        return tried;
    }

    private Duration keep() throws InterruptedException {
        boolean soon = trouble.tryAcquire(pause.toMillis(), TimeUnit.MILLISECONDS);
        trouble.drainPermits();
        if (closed) {
            return Loop.END;
        }
        pause = LOOK_AGAIN; // also when looking fails
        pause = !look() || soon ? LOOK_AGAIN : LOOK_EVERY;
        return Duration.ZERO;
    }

    /** Finds out who is master of what; whether all of them answer. */
    private boolean look() {
        try {
            Map<RedisAddress.Host, RedisNode> known;
            synchronized (this) {
                known = Map.copyOf(nodes);
            }
            Set<RedisAddress.Host> others = new LinkedHashSet<>(address.hosts());
            others.addAll(known.keySet());
            route(RedisSlots.of(known, others, connector, address));
            failure = null;
            outage.succeeded();
            tried.complete(null);
            return answers(RedisConnector.PATIENCE);
        } catch (RedisException away) {
            String why = RedisFailure.why(away);
            failure = why;
            if (!closed) {
                outage.failed(new RedisException(why));
            }
            tried.completeExceptionally(away);
            return false;
        }
    }

    private void route(RedisSlots slots) {
        List<RedisNode> left = new ArrayList<>();
        synchronized (this) {
            if (closed) {
                return;
            }
            @Nullable RedisNode[] fresh = new @Nullable RedisNode[SlotHash.SLOT_COUNT];
            for (int slot = 0; slot < fresh.length; slot++) {
                RedisAddress.Host master = slots.master(slot);
                fresh[slot] = master == null ? masters[slot] : nodes.computeIfAbsent(master, this::node);
            }
            masters = fresh;
            Map<RedisNode, List<String>> moved = new LinkedHashMap<>();
            wanted.replaceAll((channel, node) -> {
                RedisNode master = fresh[slot(channel)];
                if (node != master && master != null) {
                    moved.computeIfAbsent(master, _ -> new ArrayList<>()).add(channel);
                    if (node != null) {
                        node.unsubscribe(channel);
                    }
                }
                return master;
            });
            moved.forEach(RedisNode::adopt);
            Collection<@Nullable RedisNode> used = new LinkedHashSet<>(List.of());
            for (RedisNode node : fresh) {
                used.add(node);
            }
            nodes.values().removeIf(node -> !used.contains(node) && left.add(node));
        }
        left.forEach(RedisNode::close);
    }

    private RedisNode node(RedisAddress.Host master) {
        RedisNode node = new RedisNode(connector, () -> address.at(master), true, receiver, trouble::release);
        CompletionStage<Void> _ = node.openLater();
        return node;
    }

    private static int slot(String channel) {
        return SlotHash.getSlot(channel.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public synchronized void subscribe(String channel) {
        RedisNode master = masters[slot(channel)];
        wanted.put(channel, master);
        if (master != null) {
            master.subscribe(channel);
        }
    }

    @Override
    public synchronized void unsubscribe(String channel) {
        RedisNode master = wanted.remove(channel);
        if (master != null) {
            master.unsubscribe(channel);
        }
    }

    @Override
    public CompletionStage<Long> publish(String channel, byte[] frame) {
        RedisNode master = masters[slot(channel)];
        if (master == null) {
            return CompletableFuture.failedFuture(new RedisException("no master"));
        }
        return master.publish(channel, frame).whenComplete((_, failure) -> {
            if (failure != null) {
                trouble.release();
            }
        });
    }

    @Override
    public <T> CompletionStage<T> command(
            String key, Function<RedisAsyncCommands<String, byte[]>, CompletionStage<T>> command) {
        RedisNode master = masters[slot(key)];
        if (master == null) {
            return CompletableFuture.failedFuture(new RedisException("no master"));
        }
        return master.command(key, command).whenComplete((_, failure) -> {
            if (failure != null) {
                trouble.release();
            }
        });
    }

    @Override
    public void reconnect() {
        List<RedisNode> all;
        synchronized (this) {
            all = List.copyOf(nodes.values());
        }
        all.forEach(RedisNode::reconnect);
        trouble.release();
    }

    @Override
    public boolean answers(Duration patience) {
        List<RedisNode> all;
        synchronized (this) {
            all = List.copyOf(nodes.values());
        }
        Deadline end = Deadline.in(patience);
        return !all.isEmpty() && all.stream().allMatch(node -> node.answers(end.left()));
    }

    @Override
    public Optional<String> failure() {
        String nobody = failure;
        if (nobody != null) {
            return Optional.of(nobody);
        }
        List<RedisNode> all;
        synchronized (this) {
            all = List.copyOf(nodes.values());
        }
        return all.stream().flatMap(node -> node.failure().stream()).findFirst();
    }

    @Override
    public void close() {
        List<RedisNode> all;
        synchronized (this) {
            closed = true;
            all = List.copyOf(nodes.values());
        }
        trouble.release();
        all.forEach(RedisNode::close);
        loop.close(RedisConnector.PATIENCE);
    }
}
